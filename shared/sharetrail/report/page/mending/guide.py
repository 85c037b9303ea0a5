"""What to do about something that is broken or ran out, and how one sees that it works: told once,
in guides.toml, in English. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sharetrail.words.speech import say


@dataclass(frozen=True, kw_only=True)
class Step:
    says: str
    paste: str = ""
    """To be copied as it is."""
    shows_topics: bool = False
    """Whether it shows what a shop system has to tell."""


@dataclass(frozen=True, kw_only=True)
class Guide:
    title: str
    steps: tuple[Step, ...]
    works: tuple[str, ...]
    """How one sees that it works again."""


def of(about: str, **filled_in: str) -> Guide:
    """What a task of the kind `mend` is about, in the reader's language, with what its steps have
    in braces."""
    guide = guides()[about]
    return Guide(
        title=say(guide.title),
        steps=tuple(_filled_in(each, filled_in) for each in guide.steps),
        works=tuple(map(say, guide.works)),
    )


def _filled_in(step: Step, words: Mapping[str, str]) -> Step:
    return replace(step, says=say(step.says, **words), paste=step.paste.format(**words))


@cache
def guides() -> Mapping[str, Guide]:
    told = tomllib.loads(Path(__file__).with_name("guides.toml").read_text("utf-8"))
    return {about: _read(**fields) for about, fields in told.items()}


def _read(title: str, works: list[str], steps: list[dict[str, Any]] | None = None) -> Guide:
    return Guide(title=title, works=tuple(works), steps=tuple(Step(**each) for each in steps or ()))
