"""Compile the mails' MJML to the HTML that the Lambda fills in: `python -m local.artifacts.mail`.

Both are committed, so that nothing but Jinja is needed where mails are sent.
"""

import re
from pathlib import Path

from mjml import mjml2html

FOLDER = Path(__file__).parents[2] / "shared" / "sharetrail" / "report" / "templates"


def main() -> None:
    for source in sources():
        target = source.with_suffix(".html")
        target.write_text(html_of(source), encoding="utf-8")
        print(f"mail: {target.name}, {target.stat().st_size:,} bytes")


def sources() -> list[Path]:
    return sorted(FOLDER.glob("*.mjml"))


def html_of(source: Path) -> str:
    """The HTML of an MJML file, its Jinja tags as they were. ValueError for what is no MJML."""
    text = source.read_text(encoding="utf-8")
    # No fonts: what is not on the reader's machine would be fetched from someone else's.
    html: str = mjml2html(text, include_loader=_part, fonts={})
    return re.sub(r"\n\s+", "\n", html).strip() + "\n"


def _part(name: str) -> str:
    return (FOLDER / "parts" / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
