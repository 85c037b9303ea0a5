"""`python -m bench.attribution` says what is wrong."""

from pathlib import Path

from tests.bench.attribution.command import csv_file, run


def test_the_command_says_what_is_wrong_and_ends_with_2(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("path,conversions,value,nulls\na > b,1,10,2\nb,x,1,1\n")
    cases: list[tuple[list[str | Path], str]] = [
        ([bad], "bad.csv: line 3: conversions: 'x'"),
        ([tmp_path / "none.csv"], "No such file"),
        ([tmp_path], "Is a directory"),
        ([bad, "--speed"], "line 3"),
        (["--speed", csv_file([], tmp_path / "empty.csv")], "no journeys"),
    ]
    for arguments, said in cases:
        ran = run(*arguments)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr


def test_of_no_journeys_only_the_names_of_columns_are_printed(tmp_path: Path) -> None:
    ran = run(csv_file([], tmp_path / "journeys.csv"))
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 1)
