"""The reference, as rows and as the command's columns."""

import pytest

from bench.attribution import journeys
from bench.attribution.journeys import Row
from tests.bench.attribution.command import Columns, csv_file, printed, run


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return journeys.reference()


@pytest.fixture(scope="session")
def columns(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Columns:
    """What the command prints of the reference."""
    process = run(csv_file(rows, tmp_path_factory.mktemp("reference") / "journeys.csv"))
    assert process.returncode == 0, process.stderr
    return printed(process.stdout)
