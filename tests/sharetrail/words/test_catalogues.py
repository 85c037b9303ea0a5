"""Every sentence stands in every catalogue, with its gaps and tags, and nothing else does."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages import Catalog, Message

from local.artifacts import catalogues
from sharetrail.words import languages

_TAG = re.compile(r"</?([a-z]+)[^>]*>")
_TRANSLATED = catalogues.LANGUAGES


@pytest.fixture(scope="module")
def said() -> Catalog:
    return catalogues.said()


def test_the_languages_are_those_that_we_speak():
    assert ("en", *catalogues.LANGUAGES) == languages.LANGUAGES


def test_whatever_the_code_says_is_found_be_it_within_another_text(said):
    """Babel reads no f-string."""
    found = {_id(each) for each in _messages(said)}
    lost = [text for text in _constants() if text and text not in found]
    assert lost == []


def test_every_note_for_translators_reaches_them(said):
    """It stands right above its sentence, and Babel has it with that."""
    told = {" ".join(each) for each in _notes(said)}
    assert [note for note in _written_notes() if not any(note in each for each in told)] == []


@pytest.mark.parametrize("language", _TRANSLATED)
def test_a_catalogue_has_every_sentence_and_no_other(said, language):
    has = {_id(each) for each in _of(language)}
    assert sorted(has - {_id(each) for each in _messages(said)}) == []
    assert sorted({_id(each) for each in _messages(said)} - has) == []


@pytest.mark.parametrize("language", _TRANSLATED)
def test_no_sentence_of_a_catalogue_is_empty_or_in_doubt(language):
    lacking = [_id(each) for each in _of(language) if each.fuzzy or not all(_strings(each))]
    assert lacking == []


@pytest.mark.parametrize("language", _TRANSLATED)
def test_a_translation_has_the_gaps_and_tags_of_its_sentence(language):
    assert [_id(each) for each in _of(language) if not _is_alike(each)] == []


@pytest.mark.parametrize("language", _TRANSLATED)
def test_a_catalogue_has_as_many_plurals_as_its_language(language):
    catalogue = catalogues.read(catalogues.FOLDER / f"{language}.po")
    plurals = [each for each in _of(language) if isinstance(each.id, tuple)]
    assert [_id(e) for e in plurals if len(_strings(e)) != catalogue.num_plurals] == []


def _notes(said: Catalog) -> list[list[str]]:
    return [message.auto_comments for message in said if message.auto_comments]


def _written_notes() -> Iterator[str]:
    """The first line of each."""
    for suffix in ("py", "html", "txt", "toml"):
        for source in catalogues.ROOM.rglob(f"*.{suffix}"):
            found = re.finditer(r"# ?For translators: ([^\n#]+)", source.read_text("utf-8"))
            yield from (each[1].strip() for each in found)


def _constants() -> Iterator[str]:
    """The first text of each call that says one."""
    for source in catalogues.ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in catalogues.KEYWORDS:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield from (each for each in texts[:1] if isinstance(each, str))


@pytest.mark.parametrize("language", _TRANSLATED)
def test_a_translation_has_no_sign_that_a_page_reads_otherwise(language):
    """It stands in attributes of HTML, too, as it is."""
    signs = [each for each in _of(language) if not _has_the_same_signs(each)]
    assert [_id(each) for each in signs] == []


def _has_the_same_signs(message: Message) -> bool:
    ids = (message.id,) if isinstance(message.id, str) else message.id
    return all(_signs(each) == _signs(ids[-1]) for each in _strings(message))


def _signs(text: str) -> list[str]:
    return sorted(re.findall(r'[<>&"]', text))


def _of(language: str) -> list[Message]:
    return _messages(catalogues.read(catalogues.FOLDER / f"{language}.po"))


def _messages(catalogue: Catalog) -> list[Message]:
    return [each for each in catalogue if each.id]


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _is_alike(message: Message) -> bool:
    """Of a plural, a form for exactly one or two may say so in words rather than with `{n}`."""
    ids = (message.id,) if isinstance(message.id, str) else message.id
    gaps, tags = _gaps(ids[-1]), sorted(_TAG.findall(ids[-1]))
    return all(
        gaps - {"n"} <= _gaps(each) <= gaps and sorted(_TAG.findall(each)) == tags
        for each in _strings(message)
    ) and ("n" not in gaps or len(ids) > 1 or "n" in _gaps(_strings(message)[0]))


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
