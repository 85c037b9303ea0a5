"""The tables in memory answer as DynamoDB does: what test_tables.py holds of the emulator and of
DynamoDB Local, it holds of them."""

import inspect
from collections.abc import Callable

import pytest

from local.template import reader
from tests.conftest import PARAMETERS
from tests.schedules import expressions
from tests.schedules.cloud import Cloud, stand, standing_in
from tests.schedules.life import BEGINS
from tests.sharetrail.aws import test_tables

OTHERWISE = {
    "test_what_is_refused_for_another_reason_than_a_condition_is_raised",
    "test_a_table_that_is_missing_is_told_apart_from_an_item",
    "test_dynamodb_is_told_by_which_attribute_a_table_ends",
}
"""What no life in memory does, or asks of DynamoDB itself."""
SAME = {
    name: test
    for name, test in inspect.getmembers(test_tables, inspect.isfunction)
    if name.startswith("test_") and name not in OTHERWISE
}


@pytest.mark.parametrize("name", SAME)
def test_tables_in_memory_are_as_the_others(name: str) -> None:
    template = reader.load(parameters=PARAMETERS)
    with standing_in(template):
        stand(Cloud(template, BEGINS))
        test: Callable[..., None] = SAME[name]
        test(**dict.fromkeys(inspect.signature(test).parameters, template))


def test_an_expression_that_nobody_looked_at_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        expressions.condition("attribute_type(pk, :s)")
    with pytest.raises(NotImplementedError):
        expressions.update("DELETE tokens :one")
