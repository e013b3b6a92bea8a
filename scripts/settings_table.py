"""Write the README's table of settings from webapp/config.py: `python -m scripts.settings_table`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from webapp.config import Settings

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- settings: written by scripts/settings_table.py -->", "<!-- end of settings -->"


def table() -> str:
    """Return the table: name, default, reason."""
    rows = ["| Setting | Default | What it is for |", "|---|---|---|"]
    for each in fields(Settings):
        default = f"`{each.default}`" if str(each.default) else ""
        rows.append(f"| `{each.metadata['name']}` | {default} | {each.metadata['why'].replace('|', '/')} |")
    return "\n".join(rows)


def main() -> None:
    """Put the table between its two marks in the README."""
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")


if __name__ == "__main__":
    main()
