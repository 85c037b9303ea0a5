"""`python -m bench.attribution` over 10,000 paths says what other programs say of them."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest

from bench import attribution_speed as speed
from bench import goals, heuristics, journeys, moves, peers
from bench.journeys import Malformed, Row
from sharetrail.analysis.markov import markov
from sharetrail.analysis.markov.markov_chain import effects_of
from sharetrail.attribution.models import MODELS, CountedTouches, Model

Table = dict[str, dict[str, float]]
"""Column → channel → figure."""
REFERENCE = {  # to the cent, to six digits; of several programs, none of them ours
    "alpha": (28414.21, 19121.27, 24524.71, 24025.63, 0.558399, 0.547803, 0.546420),
    "beta": (3850.02, 12235.59, 8954.27, 8361.51, 0.264039, 0.237910, 0.228673),
    "delta": (10.97, 6.12, 4.40, 7.26, 0.000482, 0.000503, 0.000482),
    "epsilon": (2202.61, 412.30, 1106.27, 1243.73, 0.062639, 0.059913, 0.059264),
    "eta": (16754.20, 11909.48, 13783.50, 14117.95, 0.349026, 0.330767, 0.322834),
    "gamma": (506.01, 718.98, 569.42, 595.63, 0.017880, 0.016765, 0.016967),
    "iota": (13487.97, 19597.26, 15988.99, 16388.25, 0.405835, 0.371594, 0.360379),
    "kappa": (1069.38, 305.74, 599.75, 660.57, 0.028663, 0.025942, 0.025119),
    "lambda": (5249.95, 3735.60, 4430.32, 4462.93, 0.134022, 0.115995, 0.109391),
    "mi": (5.27, 5.27, 6.08, 5.48, 0.000180, 0.000202, 0.000202),
    "theta": (2799.09, 6652.35, 4295.74, 4575.03, 0.206010, 0.185526, 0.175845),
    "zeta": (453.26, 103.00, 539.53, 358.99, 0.039811, 0.036475, 0.035207),
}
REMOVALS = ["removal_1", "removal_2", "removal_3"]
CONVERSIONS, VALUE, NULLS = 19_785, 74_802.97, 68_602


def written(rows: Iterable[Iterable[object]], file: Path) -> Path:
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([journeys.COLUMNS, *rows])
    return file


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.attribution", *arguments]
    return subprocess.run(command, cwd=peers.ROOT, capture_output=True, text=True)


def printed(text: str) -> Table:
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = [name for name in rows[0] if name != "channel"]
    return {name: {row["channel"]: float(row[name]) for row in rows} for name in columns}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return journeys.reference()


@pytest.fixture(scope="module")
def told(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Table:
    ran = run(written(rows, tmp_path_factory.mktemp("reference") / "journeys.csv"))
    assert ran.returncode == 0, ran.stderr
    return printed(ran.stdout)


# ── the reference ────────────────────────────────────────────────────────────────────────────────
def test_the_reference_is_the_one_that_the_figures_are_of(rows: list[Row]) -> None:
    assert len(rows) == 10_000
    assert sum(conversions for _, conversions, _, _ in rows) == CONVERSIONS
    assert sum(value for _, _, value, _ in rows) == pytest.approx(VALUE, abs=0.005)
    assert sum(nulls for _, _, _, nulls in rows) == NULLS


def test_every_column_is_printed_for_every_channel_by_name(told: Table) -> None:
    markovs = [name.replace("removal", "markov") for name in REMOVALS]
    assert list(told) == [*heuristics.WEIGHED, "shapley", *markovs, *REMOVALS]
    assert {tuple(column) for column in told.values()} == {tuple(REFERENCE)}


@pytest.mark.parametrize(("place", "model"), [*enumerate(heuristics.WEIGHED)])
def test_the_value_credited_is_the_references(told: Table, place: int, model: str) -> None:
    wanted = {channel: figures[place] for channel, figures in REFERENCE.items()}
    assert told[model] == pytest.approx(wanted, abs=0.00501)


@pytest.mark.parametrize(("place", "removal"), [*enumerate(REMOVALS, 4)])
def test_the_removal_effects_are_the_references(told: Table, place: int, removal: str) -> None:
    wanted = {channel: figures[place] for channel, figures in REFERENCE.items()}
    assert told[removal] == pytest.approx(wanted, rel=0, abs=5.01e-7)


def test_every_model_credits_all_there_is(told: Table) -> None:
    for name, column in told.items():
        if not name.startswith("removal"):
            whole = CONVERSIONS if name == "shapley" else VALUE
            assert sum(column.values()) == pytest.approx(whole, abs=0.005), name


def test_markov_shares_the_value_out_by_effects(told: Table) -> None:
    ratios = {told["markov_2"][c] / told["removal_2"][c] for c in REFERENCE}
    assert max(ratios) == pytest.approx(min(ratios))


# ── the same by another way ──────────────────────────────────────────────────────────────────────
SMALL: list[Row] = [
    ("a > b > a > c", 2, 30.5, 1),
    ("b", 1, 4, 7),
    ("a > b > a > c", 1, 10, 0),
    ("c > c", 0, 0, 3),
    ("d > a", 1.5, 2, 0),
    ("b > a > d > e > b", 4, 8, 2),
]


@pytest.mark.parametrize("model", heuristics.WEIGHED)
def test_a_model_credits_what_the_product_credits_path_by_path(model: Model) -> None:
    wanted: dict[str, float] = {}
    for path, _, value, _ in SMALL:
        channels = path.split(" > ")
        weights = MODELS[model](CountedTouches(ages=[1.0] * len(channels)))
        for channel, weight in zip(channels, weights, strict=True):
            wanted[channel] = wanted.get(channel, 0) + value * weight / sum(weights)
    found = {**dict.fromkeys(wanted, 0.0), **heuristics.credited(SMALL)[model]}
    assert found == pytest.approx(wanted)


def test_shapley_is_the_mean_of_what_a_channel_adds_over_all_orders_of_joining() -> None:
    """Of the game whose worth is the conversions on paths of none but those who have joined."""
    names = "abcde"
    credit = heuristics.credited(SMALL)["shapley"]
    for name in names:
        others = [other for other in names if other != name]
        added = 0.0
        for size in range(len(names)):
            ways = [set(joined) for joined in combinations(others, size)]
            gains = [worth(joined | {name}) - worth(joined) for joined in ways]
            added += sum(gains) / len(ways) / len(names)
        assert credit.get(name, 0) == pytest.approx(added)


def worth(joined: set[str]) -> float:
    return sum(number for path, number, *_ in SMALL if set(path.split(" > ")) <= joined)


@pytest.mark.parametrize("made", [SMALL, journeys.unrepeated(500)], ids=["small", "unrepeated"])
def test_moves_counted_at_once_have_the_effects_of_journeys(made: list[Row]) -> None:
    wanted = markov.removal_effects(journeys.merged(made))
    assert effects_of(moves.flows(made)) == pytest.approx(wanted, abs=1e-12)


def test_one_row_a_journey_is_the_same_journeys(rows: list[Row]) -> None:
    each = journeys.expanded(rows, 100_000)
    assert len(each) == 2 * (CONVERSIONS + NULLS)
    assert {row[1] + row[3] for row in each} == {1}
    once = heuristics.credited(rows)["position"]
    assert heuristics.credited(each)["position"] == pytest.approx({c: 2 * once[c] for c in once})


def test_rows_come_whole_to_another_process(tmp_path: Path) -> None:
    made = journeys.unrepeated(100)
    journeys.dump(made, tmp_path / "rows")
    assert journeys.load(tmp_path / "rows") == made


def test_random_paths_hardly_repeat() -> None:
    paths = {row[0] for row in journeys.unrepeated(20_000)}
    assert len(paths) > 18_000


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────
GOOD = "path,conversions,value,nulls\na > b,1,10,2\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: no column path, conversions, value, nulls"),
        ("path,conversions,nulls\na,1,2\n", "line 1: no column value"),
        (GOOD + "b,one,2,3\n", "line 3, conversions: 'one' is no number from 0 on"),
        (GOOD + "b,1,-2,3\n", "line 3, value: '-2' is no number from 0 on"),
        (GOOD + "b,1,nan,3\n", "line 3, value: 'nan'"),
        (GOOD + "b,1,2,inf\n", "line 3, nulls: 'inf'"),
        (GOOD + "b,1,2,\n", "line 3, nulls: ''"),
        (GOOD + "b,1,2\n", "line 3: 3 cells for 4 columns"),
        (GOOD + ",1,2,3\n", "line 3, path: a touch without a name in ''"),
        (GOOD + '"a > > b",1,2,3\n', "line 3, path: a touch without a name"),
        (GOOD + "\n" + 'b,1,"2\n",x\n', "line 5, nulls: 'x'"),
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
    with pytest.raises(Malformed, match="line 1"):  # read ahead, so where it begins is unknown
        journeys.read(tmp_path / "journeys.csv")


def test_columns_may_stand_anywhere_and_touches_be_joined_without_spaces(tmp_path: Path) -> None:
    file = tmp_path / "journeys.csv"
    file.write_text("\ufeffnulls,who,path, value ,conversions\n2,x,a>b,10,1\n\n", encoding="utf-8")
    assert journeys.read(file) == [("a > b", 1, 10, 2)]


def test_the_command_says_what_is_wrong_and_ends_with_2(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(GOOD + "b,x,1,1\n")
    told: list[tuple[list[str | Path], str]] = [
        ([bad], "bad.csv: line 3, conversions: 'x'"),
        ([tmp_path / "none.csv"], "No such file"),
        ([tmp_path], "Is a directory"),
        ([bad, "--speed"], "line 3"),
        ([], "name a CSV"),
        (["--speed", written([], tmp_path / "empty.csv")], "no journeys"),
    ]
    for arguments, said in told:
        ran = run(*arguments)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr


def test_of_no_journeys_only_the_names_of_columns_are_printed(tmp_path: Path) -> None:
    ran = run(written([], tmp_path / "journeys.csv"))
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 1)


# ── speed ────────────────────────────────────────────────────────────────────────────────────────
def test_without_the_other_program_no_speed_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Path:
        raise peers.NoInterpreter("no Python 3.11 on this machine")

    monkeypatch.setattr(peers, "python", absent)
    figures = speed.measure(SMALL, "small")
    assert len(figures) == 4
    assert {figure.verdict for figure in figures} == {"not measured"}
    assert {figure.note for figure in figures} == {"no Python 3.11 on this machine"}
    assert goals.read(goals.dumped(figures)) == figures


# ── other programs, as far as they can be had ────────────────────────────────────────────────────
def peer(name: str, rows: list[Row], file: Path) -> dict[str, object]:
    try:
        command = peers.command(name, file)
    except peers.NoInterpreter as lacking:
        pytest.xfail(str(lacking))  # too new a machine for them: not our fault
    except peers.Absent as absent:
        pytest.skip(str(absent))
    journeys.dump(rows, file)
    return peers.told(command)


@pytest.mark.slow
def test_removal_effects_are_those_of_two_exact_programs(
    told: Table, rows: list[Row], tmp_path: Path
) -> None:
    theirs = peer(peers.EXACT, rows, tmp_path / "rows")
    for removal in REMOVALS:
        assert told[removal] == pytest.approx(theirs[removal], rel=0, abs=1e-9)
    assert told["removal_1"] == pytest.approx(theirs["mam_removal_1"], rel=0, abs=1e-9)
    assert told["position"] == pytest.approx(theirs["mam_position"], rel=0, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("made", ["reference", "unrepeated"])
def test_values_credited_are_those_of_channel_attribution(
    rows: list[Row], made: str, tmp_path: Path
) -> None:
    told = rows if made == "reference" else journeys.unrepeated(5_000)
    theirs = peer(peers.CHANNEL_ATTRIBUTION, told, tmp_path / "rows")["credits"]
    ours = heuristics.credited(told)
    for model, credits in theirs.items():
        found = {channel: ours[model].get(channel, 0.0) for channel in credits}
        assert found == pytest.approx(credits, rel=0, abs=1e-6)


@pytest.mark.slow
def test_the_speed_is_told_beside_theirs(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer(peers.CHANNEL_ATTRIBUTION, rows[:50], tmp_path / "rows")
    for name, few in [("_LEAST", 1_000), ("_UNREPEATED", 1_000), ("_PAIRS", 2)]:
        monkeypatch.setattr(speed, name, few)
    figures = speed.measure(rows[:50], "some.csv")
    assert [figure.goal for figure in figures] == ["G11"] * 4
    assert "some.csv" in figures[0].what
    assert all(figure.value and figure.sense == "at least" for figure in figures)
    assert all("paths" in figure.details["journeys"] for figure in figures)
