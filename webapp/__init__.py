"""Slate: a brief and asset URLs become an approved storyboard."""

from __future__ import annotations

from flask import Flask

from webapp import config, extensions, views


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the app: settings → extensions → faces. Raises SettingsError for a wrong setting."""
    settings = settings or config.load()
    for folder in (settings.data, settings.temporary):
        folder.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, instance_path=str(settings.data))
    app.extensions["settings"] = settings
    extensions.init_app(app, settings)
    views.init_app(app, settings)
    return app
