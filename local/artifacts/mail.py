"""Compile the mails' MJML to the HTML that the Lambda fills in: `python -m local.artifacts.mail`.

Both are committed, so that nothing but Jinja is needed where mails are sent.
"""

import re
from pathlib import Path

from mjml import mjml2html

_REPORT = Path(__file__).parents[2] / "shared" / "sharetrail" / "report"
FOLDER = _REPORT / "mailing" / "templates"
_NOT_AS_COMPILED = {
    # A figure would break anywhere, and be cut at a card's edge rather than be scrolled to.
    'word-break:break-word;">': '">',
    "border-radius:14px;overflow:hidden;": "border-radius:14px;",
    # The card alone has the colour, or its corners would not be round.
    "background:#ffffff;background-color:#ffffff;width:100%;": "width:100%;",
    # Arabic and Hebrew are written from right to left.
    "text-align:left": "text-align:{{ start }}",
    'align="left"': 'align="{{ start }}"',
    "direction:ltr": "direction:{{ direction }}",
    # Without <style>, a body has a margin.
    '<body style="': '<body style="margin:0;padding:0;',
}


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
    for theirs, ours in _NOT_AS_COMPILED.items():
        assert theirs in html, f"MJML no longer writes {theirs}"
        html = html.replace(theirs, ours)
    return re.sub(r"\n\s+", "\n", html).strip() + "\n"


def _part(name: str) -> str:
    return (FOLDER / "parts" / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
