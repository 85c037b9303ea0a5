"""Benches take minutes and run by hand; that they can be run at all is seen here."""

import importlib
import pkgutil

import pytest

import bench
from bench import goals
from bench.dynamodb import model
from bench.goals import Figure
from bench.shop import MERCHANT, PROFILE
from sharetrail.aws.tables import MERCHANTS

MODULES = [each.name for each in pkgutil.walk_packages(bench.__path__, "bench.")]


@pytest.mark.parametrize("name", MODULES)
def test_every_bench_finds_what_it_imports(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as missing:  # what an environment of its own has
        if (missing.name or "").partition(".")[0] in ("", "bench", "sharetrail", "local", "tests"):
            raise


def test_the_model_answers_whoever_has_little_patience_too() -> None:
    with model.replacement():
        MERCHANTS.put(PROFILE)
        for brisk in (False, True):
            assert MERCHANTS.get(f"merchant#{MERCHANT.id}", "profile", brisk=brisk) == PROFILE


def test_figures_are_what_a_benchmark_prints_last_whatever_was_logged_before() -> None:
    figures = [Figure("G0", "a value", 1.0, 2.0)]
    assert goals.loads('{"level": "INFO"}\n' + goals.dumps(figures) + "\n") == figures
