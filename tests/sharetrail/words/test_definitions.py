"""What each figure is: told once, and nothing points to what is not told."""

import re
from pathlib import Path

from sharetrail.words.definitions import definitions

PAGE = Path(__file__).parents[3] / "shared/sharetrail/report/page"
POINTERS = re.compile(r'what\("(\w+)"|anchor="(\w+)"')


def test_every_figure_that_a_page_explains_has_a_definition() -> None:
    files = [*PAGE.rglob("*.html"), *PAGE.rglob("*.py")]
    found = [match for path in files for match in POINTERS.findall(path.read_text())]
    anchors = {first or second for first, second in found}
    assert len(anchors) > 20
    assert anchors - definitions().keys() == set()


def test_a_definition_is_a_sentence_and_its_group_stands_together() -> None:
    told = definitions().values()
    for each in told:
        assert each.text[0].isupper()
        assert each.text.endswith(".")
        assert not each.unknown or each.unknown.endswith(".")
    groups = [each.group for each in told]
    assert [g for n, g in enumerate(groups) if n and g != groups[n - 1]] == [
        *dict.fromkeys(groups)
    ][1:]


def test_last_click_and_last_touch_are_two_things() -> None:
    told = definitions()
    assert "own visit began with a share click" in told["last_click"].text
    assert "It is not last-click revenue." in told["last_touch"].text
    others = [each.text for name, each in told.items() if name not in ("last_click", "last_touch")]
    assert not any("last click" in text for text in others)
