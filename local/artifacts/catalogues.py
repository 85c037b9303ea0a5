"""The catalogues of what is said to people, in `shared/sharetrail/words/catalogues/`.

`python -m local.artifacts.catalogues` compiles each .po to the .mo that is read (`make setup` does
it); with `update` (`make sentences`) each .po gets the sentences that the code has now, and loses
those that it has no more.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sharetrail.words import languages

ROOM = Path(__file__).parents[2] / "shared" / "sharetrail"
FOLDER = ROOM / "words" / "catalogues"
LANGUAGES = tuple(each for each in languages.LANGUAGES if each != languages.ENGLISH)
KEYWORDS: dict[str, Any] = {
    "say": None,
    "mark": None,
    "sentence": None,
    "say_n": (2, 3),
    "sentence_of": (2, 3),
    "mark_n": (1, 2),
}
_COMMENTS = ("For translators:",)
_HEAD = "# What Sharetrail says to people. `make sentences` writes it anew; translations stay."
_GAP = re.compile(r"\{\w+\}|[\W\d_]*")
"""What is no sentence: a gap alone, or no letter."""
SAID_IN_TOML = (
    "report/mailing/templates/sentences.toml",
    "report/mailing/templates/new_link.toml",
    "report/page/mending/guides.toml",
    "report/page/mending/shop_systems.toml",
    "words/definitions.toml",
)
"""Whose texts are sentences, all but those under a key of UNSAID."""
UNSAID = ("colour", "about", "id", "anchor", "platform", "code", "paste")


def main() -> None:
    if "update" in sys.argv[1:]:
        for language in LANGUAGES:
            update(language)
    for source in sorted(FOLDER.glob("*.po")):
        compile_one(source)


def compile_one(source: Path) -> None:
    with source.with_suffix(".mo").open("wb") as target:
        write_mo(target, read(source))


def read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.stem)


def update(language: str) -> None:
    """The catalogue with today's sentences: what it has of them stays."""
    target = FOLDER / f"{language}.po"
    catalogue = read(target) if target.exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, project="Sharetrail", header_comment=_HEAD, fuzzy=False)
    for message in filter(lambda each: each.id, said()):
        known = catalogue.get(message.id)
        string = known.string if known and known.id == message.id else None
        fresh.add(
            message.id,
            string,
            locations=[(path, 0) for path, _ in message.locations],
            auto_comments=message.auto_comments,
        )
    text = BytesIO()
    write_po(text, fresh, width=100, sort_output=True, include_lineno=False, omit_header=False)
    target.write_text(_without_clock(text.getvalue().decode()), "utf-8")


def said() -> Catalog:
    """Every sentence of the code, the templates and the tables of words."""
    found = Catalog()
    for path, text, comments in sorted(_found(), key=lambda each: (each[0], str(each[1]))):
        found.add(text, locations=[(path, 0)], auto_comments=comments)
    return found


def _found() -> Iterator[tuple[str, Any, list[str]]]:
    for source in sorted(ROOM.rglob("*.py")):
        yield from _extracted("python", source)
    for source in sorted((*ROOM.rglob("*.html"), *ROOM.rglob("templates/**/*.txt"))):
        yield from _extracted("jinja2.ext:babel_extract", source)
    for name in _networks():
        yield "sharing/networks.txt", name, []
    for name in SAID_IN_TOML:
        if (ROOM / name).exists():
            text = (ROOM / name).read_text("utf-8")
            table, notes = tomllib.loads(text), _notes_of_toml(text)
            yield from ((name, each, notes.get(each, [])) for each in _texts(table))


def _notes_of_toml(text: str) -> dict[str, list[str]]:
    """Text → the note right above its line."""
    found = re.findall(rf'^# ({_COMMENTS[0]} .+)\n\w+ = "(.*)"$', text, re.MULTILINE)
    return {told: [note] for note, told in found}


def _networks() -> Iterator[str]:
    for line in (ROOM / "sharing" / "networks.txt").read_text("utf-8").splitlines():
        yield line.split("|")[1].strip()


def _extracted(method: str, source: Path) -> Iterator[tuple[str, Any, list[str]]]:
    is_template = "jinja" in method
    options = {"trim_blocks": "true", "lstrip_blocks": "true"} if is_template else {}
    tags = _COMMENTS[0].split()[:1] if is_template else _COMMENTS  # Jinja looks at a word
    messages = extract_from_file(
        method, source, keywords=KEYWORDS, comment_tags=tags, options=options
    )
    for _, text, comments, _ in messages:
        told = [f"{tags[0]} {each}" for each in comments] if is_template else list(comments)
        yield str(source.relative_to(ROOM)), text, told


def _texts(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case str() if key not in UNSAID and not _GAP.fullmatch(value):
            yield value
        case dict():
            for name, each in value.items():
                yield from _texts(each, name)
        case list():
            for each in value:
                yield from _texts(each, key)


def _without_clock(text: str) -> str:
    """Without the lines that tell when, by whom and by what it was written."""
    dated = ('"POT-Creation-Date:', '"PO-Revision-Date:', '"Generated-By:', '"Last-Translator:')
    dated += ('"Report-Msgid-Bugs-To:', '"Language-Team:', '"Project-Id-Version:')
    return "".join(line for line in text.splitlines(True) if not line.startswith(dated))


if __name__ == "__main__":
    main()
