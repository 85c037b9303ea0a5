"""Benches take minutes and run by hand; that they can be run at all is seen here."""

import importlib
import pkgutil

import pytest

import bench
from bench.dynamodb import model
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
