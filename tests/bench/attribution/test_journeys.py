"""Journeys as rows: read, made, and handed to another process."""

from pathlib import Path

import pytest

from bench.attribution import heuristics, journeys
from bench.attribution.journeys import Malformed, Row


def test_one_row_a_journey_is_the_same_journeys(rows: list[Row]) -> None:
    single = journeys.single_rows(rows, 100_000)
    assert len(single) == 2 * sum(row[1] + row[3] for row in rows)
    assert {row[1] + row[3] for row in single} == {1}
    once = heuristics.credits(rows)["position"]
    assert heuristics.credits(single)["position"] == pytest.approx({c: 2 * once[c] for c in once})


def test_rows_come_whole_to_another_process(tmp_path: Path) -> None:
    rows = journeys.random_rows(100)
    journeys.dump(rows, tmp_path / "rows")
    assert journeys.load(tmp_path / "rows") == rows


def test_random_paths_hardly_repeat() -> None:
    paths = {row[0] for row in journeys.random_rows(20_000)}
    assert len(paths) > 18_000


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────
GOOD = "path,conversions,value,nulls\na > b,1,10,2\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 0: no column path, conversions, value, nulls"),
        ("path,conversions,nulls\na,1,2\n", "line 1: no column value"),
        (GOOD + "b,one,2,3\n", "line 3: conversions: 'one' is no number from 0 on"),
        (GOOD + "b,1,-2,3\n", "line 3: value: '-2'"),
        (GOOD + "b,1,nan,3\n", "line 3: value: 'nan'"),
        (GOOD + "b,1,2,inf\n", "line 3: nulls: 'inf'"),
        (GOOD + "b,1,2\n", "line 3: nulls: ''"),
        (GOOD + '"a > > b",1,2,3\n', "line 3: a touch without a name in 'a > > b'"),
        (GOOD + "\n" + 'b,1,"2\n",x\n', "line 5: nulls: 'x'"),
    ],
)
def test_a_bad_csv_is_refused_with_line_and_column(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "journeys.csv"
    file.write_text(text)
    with pytest.raises(Malformed) as refused:
        journeys.read(file)
    assert said in str(refused.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journeys.csv").write_bytes(GOOD.encode() + b"\xff,1,2,3\n")
    with pytest.raises(Malformed, match="utf-8"):
        journeys.read(tmp_path / "journeys.csv")


def test_columns_may_stand_anywhere_and_touches_be_joined_without_spaces(tmp_path: Path) -> None:
    file = tmp_path / "journeys.csv"
    file.write_text("\ufeffnulls,who,path, value ,conversions\n2,x,a>b,10,1\n\n", encoding="utf-8")
    assert journeys.read(file) == [("a > b", 1, 10, 2)]
