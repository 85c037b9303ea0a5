"""Against MiniStack's own walk of the same condition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.services import dynamodb

from local.emulator import key_conditions

CONDITIONS = (
    "pk = :pk",
    "pk = :pk AND sk > :low",
    "pk = :pk AND sk BETWEEN :low AND :high",
    "pk = :pk AND begins_with(sk, :low)",
    "#hash = :pk AND #range BETWEEN :low AND :high",
    "#hash = :pk",
)
NAMES = {"#hash": "pk", "#range": "sk"}
KEYS = st.text("ab~0é𐀀", min_size=1, max_size=3)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_key_condition_holds_where_ministack_says_that_it_does(condition):
    form = key_conditions._form(condition)
    assert form

    @given(st.sampled_from("mn"), KEYS, st.lists(KEYS, min_size=2, max_size=2).map(sorted))
    def check(pk, sk, bounds):
        low, high = bounds
        item = {"pk": {"S": pk}, "sk": {"S": sk}}
        values = {":pk": {"S": "m"}, ":low": {"S": low}, ":high": {"S": high}}
        expected = dynamodb._evaluate_condition(
            condition, item, values, NAMES, "KeyConditionExpression"
        )
        assert key_conditions._holds(form, item, values, NAMES) == expected

    check()


@pytest.mark.parametrize(
    "condition", ["pk = :pk AND sk < :low", "sk = :pk OR pk = :pk", "pk = :pk AND size(sk) > :low"]
)
def test_a_condition_of_another_form_is_left_to_ministack(condition):
    assert key_conditions._form(condition) is None
