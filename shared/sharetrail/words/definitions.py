"""What each figure is, in a sentence: told once, in definitions.toml in English, for mail and page.
Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sharetrail.words.speech import sentence


@dataclass(frozen=True, kw_only=True)
class Definition:
    name: str
    group: str
    text: str
    unknown: str = ""
    """Where it is not known, or does not say what one might think."""


def definitions() -> Mapping[str, Definition]:
    """By anchor, in the order in which they are told, in the reader's language."""
    return {anchor: _said(each) for anchor, each in _in_english().items()}


def _said(it: Definition) -> Definition:
    return Definition(
        name=sentence(it.name),
        group=sentence(it.group),
        text=sentence(it.text),
        unknown=sentence(it.unknown),
    )


@cache
def _in_english() -> Mapping[str, Definition]:
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {anchor: Definition(text=fields.pop("is"), **fields) for anchor, fields in told.items()}
