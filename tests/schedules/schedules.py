"""Schedules by their number: which life, what goes wrong in it, and what is found then.

`python -m tests.schedules 1234` lives one again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local.template.declarations import Template
from tests.schedules import judge
from tests.schedules.cloud import Cloud, standing_in
from tests.schedules.life import MONDAYS, NIGHTS, SUNDAYS, Beginning, End, Life, begin

NUMBER = 10_000
OF_A_LIFE = 25
"""Schedules: the calm life beside them is lived once."""
_ENDS: tuple[End, ...] = (MONDAYS, NIGHTS, NIGHTS, NIGHTS, *(SUNDAYS,) * 16)
"""Of twenty lives. To close a day takes as long as all before it, to score and mail twice that."""


@dataclass
class Town:
    """Where lives are lived, one after another."""

    template: Template
    beginning: Beginning
    happened: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    elsewhere: Callable[[], Any] | None = None
    """Whose tables a life with mishaps has instead of those in memory: empty ones each time."""
    _calm: tuple[int, Cloud] | None = None

    def differences(self, schedule: int) -> list[str]:
        life = schedule // OF_A_LIFE
        calm, lived = self._calm_life(life), self._lived(life, schedule)
        self.happened += lived.mishaps.happened
        return judge.differences(calm, lived)

    def first_wrong(self, schedules: Iterable[int]) -> str:
        """What is wrong in the first that ends otherwise; empty where none does."""
        for schedule in schedules:
            if found := self.differences(schedule):
                again = f"python -m tests.schedules {schedule}"
                return "\n".join([f"schedule {schedule} ({again}):", *found])
        return ""

    def _calm_life(self, life: int) -> Cloud:
        if self._calm is None or self._calm[0] != life:
            self._calm = life, self._lived(life, None)
        return self._calm[1]

    def _lived(self, life: int, mishaps: int | None) -> Cloud:
        store = self.elsewhere() if self.elsewhere and mishaps is not None else None
        lived = Life(self.beginning, self.template, life, mishaps, store)
        return lived.live(_ENDS[life % len(_ENDS)])


def end_of(schedule: int) -> End:
    """How far its life is lived."""
    return _ENDS[schedule // OF_A_LIFE % len(_ENDS)]


@contextmanager
def town(template: Template) -> Iterator[Town]:
    with standing_in(template):
        yield Town(template, begin(template))
