"""Where the parts of a drawing lie, and that its table says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.report.page import charts
from sharetrail.report.page.charts import Box, Key

KEYS = (Key(colour="c1", words="Last click"), Key(colour="c2", words="Assisted"))
Columns = list[tuple[int, int]]


def drawn(columns: Columns) -> charts.Chart:
    labelled = [(f"D {n}", parts) for n, parts in enumerate(columns)]
    return charts.chart(
        "x", "Revenue", "Most came.", of="Day", keys=KEYS, columns=labelled, write=str
    )


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (9, 10), (10, 20), (421_850, 600_000)]
)
def test_an_axis_ends_at_a_round_number_with_a_whole_half(most: int, top: int) -> None:
    assert charts.ceiling(most) == top


@given(st.integers(0, 10**12))
def test_no_axis_ends_below_what_it_shows_or_far_above(most: int) -> None:
    top = charts.ceiling(most)
    assert most <= top <= max(2, 2 * most)
    assert top % 2 == 0


@given(st.lists(st.tuples(st.integers(-50, 10**9), st.integers(-50, 10**9)), max_size=40))
def test_columns_stand_side_by_side_inside_the_drawing_as_high_as_their_parts(
    columns: Columns,
) -> None:
    chart = drawn(columns)
    top = charts.ceiling(max([sum(max(0, part) for part in parts) for parts in columns], default=0))
    edge = 0.0
    for column, parts in zip(chart.columns, columns, strict=True):
        seen = [part for part in parts if part > 0]
        assert [box.height for box in column.boxes] == pytest.approx(
            [100 * part / top for part in seen], abs=0.001
        )
        for box in column.boxes:
            assert edge - 0.001 <= box.x
            assert box.x + box.width <= 100.001
            assert -0.001 <= box.y <= box.y + box.height <= 100.002
        edge = max([edge, *(box.x + box.width for box in column.boxes)])


def test_parts_stand_on_one_another() -> None:
    (column,) = drawn([(10, 10)]).columns
    assert column.boxes == (
        Box(colour="c1", x=12.5, y=50.0, width=75.0, height=50.0),
        Box(colour="c2", x=12.5, y=0.0, width=75.0, height=50.0),
    )


def test_the_table_has_the_very_figures_and_each_column_says_its_own() -> None:
    chart = drawn([(291_850, 130_000), (0, 7)])
    assert chart.head == ("Day", "Last click", "Assisted")
    assert chart.rows == (("D 0", "291850", "130000"), ("D 1", "0", "7"))
    assert [column.says for column in chart.columns] == [
        "D 0: Last click 291850, Assisted 130000",
        "D 1: Last click 0, Assisted 7",
    ]


def test_of_many_columns_three_are_marked_so_that_no_label_touches_another() -> None:
    assert drawn([(1, 1)] * 7).marks == tuple(f"D {n}" for n in range(7))
    assert drawn([(1, 1)] * 31).marks == ("D 0", "D 15", "D 30")


@given(low=st.integers(0, 10**6), more=st.integers(0, 10**6), top=st.integers(1, 10**6))
def test_a_whisker_lies_on_its_axis_in_order(low: int, more: int, top: int) -> None:
    at = charts.whisker(low, low + more // 2, low + more, max(top, low + more))
    assert 0 <= at.low <= at.value <= at.high <= 100


def test_what_is_something_is_seen() -> None:
    assert [charts.part_of(part, 1_000) for part in (0, 1, 500, 1_000)] == [0, 1, 50, 100]
    assert charts.part_of(0, 0) == 0
