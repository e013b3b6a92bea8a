"""The built-in writer: storyboards in four languages without a key, a network or chance."""

from __future__ import annotations

from webapp.services.writers.builtin.writer import BuiltinWriter as BuiltinWriter
