"""What each figure is, in a sentence: told once, in definitions.toml, for mail and page. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Definition:
    name: str
    group: str
    text: str
    unknown: str = ""
    """Where it is not known, or does not say what one might think."""


@cache
def definitions() -> Mapping[str, Definition]:
    """By anchor, in the order in which they are told."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {anchor: Definition(text=fields.pop("is"), **fields) for anchor, fields in told.items()}
