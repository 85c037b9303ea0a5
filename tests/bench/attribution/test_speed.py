"""Beside other programs, as far as they can be had: what is credited, and how fast."""

from pathlib import Path

import pytest

from bench import goals
from bench.attribution import heuristics, journeys, speed
from bench.attribution.journeys import Row
from bench.attribution.peers import scripts
from bench.environments import Absent, NoInterpreter
from tests.bench.attribution.command import REMOVALS, SMALL, Columns


def peer(name: str, rows: list[Row], file: Path) -> dict[str, object]:
    try:
        command = scripts.command(name, file)
    except NoInterpreter as lacking:
        pytest.xfail(str(lacking))  # too new a machine for them: not our fault
    except Absent as absent:
        pytest.skip(str(absent))
    journeys.dump(rows, file)
    return scripts.result(command)


@pytest.mark.slow
def test_removal_effects_are_those_of_two_exact_programs(
    columns: Columns, rows: list[Row], tmp_path: Path
) -> None:
    theirs = peer(scripts.EXACT, rows, tmp_path / "rows")
    for removal in REMOVALS:
        assert columns[removal] == pytest.approx(theirs[removal], rel=0, abs=1e-9)
    assert columns["removal_1"] == pytest.approx(theirs["mam_removal_1"], rel=0, abs=1e-9)
    assert columns["position"] == pytest.approx(theirs["mam_position"], rel=0, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("made", ["reference", "unrepeated"])
def test_values_credited_are_those_of_channel_attribution(
    rows: list[Row], made: str, tmp_path: Path
) -> None:
    data = rows if made == "reference" else journeys.random_rows(5_000)
    theirs = peer(scripts.CHANNEL_ATTRIBUTION, data, tmp_path / "rows")["credits"]
    ours = heuristics.credits(data)
    for model, credits in theirs.items():
        values = {channel: ours[model].get(channel, 0.0) for channel in credits}
        assert values == pytest.approx(credits, rel=0, abs=1e-6)


def test_without_the_other_program_no_speed_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Path:
        raise NoInterpreter("no Python 3.11 on this machine")

    monkeypatch.setattr(scripts, "python", absent)
    figures = speed.measure(SMALL, "small")
    assert len(figures) == 4
    assert {figure.verdict for figure in figures} == {"not measured"}
    assert {figure.note for figure in figures} == {"no Python 3.11 on this machine"}
    assert goals.loads(goals.dumps(figures)) == figures


@pytest.mark.slow
def test_the_speed_is_told_beside_theirs(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer(scripts.CHANNEL_ATTRIBUTION, rows[:50], tmp_path / "rows")
    for name, few in [("_LEAST", 1_000), ("_UNREPEATED", 1_000), ("_PAIRS", 2)]:
        monkeypatch.setattr(speed, name, few)
    figures = speed.measure(rows[:50], "some.csv")
    assert [figure.goal for figure in figures] == ["G11"] * 4
    assert "some.csv" in figures[0].what
    assert all(figure.value and figure.sense == "at least" for figure in figures)
    assert all("paths" in figure.details["journeys"] for figure in figures)
