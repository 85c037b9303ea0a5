"""What is said of a figure beside another: noise is none, and what is not known is no zero."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.costs.cost import Cost
from sharetrail.kpis.comparison import Days, LastYear
from sharetrail.kpis.figure import Figure, Unknown, judge, judge_against, ratio
from sharetrail.kpis.funnel import Funnel, Outlay, Pages, Sales
from sharetrail.kpis.kpi import KPIS, PILLARS
from sharetrail.kpis.network_figure import NetworkSpan
from sharetrail.kpis.scorecard import Funnels, Scorecard, scorecard_of
from sharetrail.kpis.target import Target
from sharetrail.words.definitions import definitions

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 22)
NOTHING = Funnel(first=FIRST, last=LAST, currency="USD", heard=False)
EUROS = Cost(
    id="c",
    kind="fee",
    amount=50_000,
    currency="EUR",
    first=FIRST,
    last=LAST,
    entered_at=datetime(2026, 11, 16, tzinfo=UTC),
)
YEAR = LastYear(days=Days(first=date(2025, 11, 17), last=date(2025, 11, 23)))
some_funnels = st.builds(
    Funnel,
    first=st.just(FIRST),
    last=st.just(LAST),
    currency=st.just("USD"),
    pages=st.builds(
        Pages,
        **dict.fromkeys(
            ("views", "shares", "visits", "measured", "went_on", "seconds", "leads", "all_leads"),
            st.integers(0, 5_000),
        ),
    ),
    clicks=st.integers(0, 5_000),
    clicks_by_network=st.dictionaries(st.sampled_from(["x", "tiktok"]), st.integers(0, 900)),
    networks=st.lists(
        st.builds(
            NetworkSpan,
            network=st.sampled_from(["x", "tiktok"]),
            followers=st.none() | st.integers(0, 9_000),
            impressions=st.none() | st.integers(0, 9_000),
        ),
        max_size=2,
        unique_by=lambda each: each.network,
    ).map(tuple),
    sharers=st.integers(0, 90),
    recruits=st.integers(0, 90),
    sales=st.builds(
        Sales,
        **dict.fromkeys(
            ("orders", "standing", "net", "gross", "all_orders", "all_net", "journeys"),
            st.integers(0, 90_000),
        ),
        journey_visits=st.integers(0, 900),
        new_buyers=st.integers(0, 90),
        returning_buyers=st.integers(0, 90),
    ),
    outlay=st.none()
    | st.builds(Outlay, **dict.fromkeys(("spent", "orders", "earned"), st.integers(0, 90_000))),
)


def card(now: Funnel, before: Funnel | None = None) -> Scorecard:
    return scorecard_of(Funnels(now=now, before=before), YEAR, ())


def test_of_a_shop_of_which_nothing_was_heard_nothing_is_known() -> None:
    for kpi in KPIS.values():
        reading = kpi.read(NOTHING)
        assert isinstance(reading, Unknown), kpi.id
        assert reading.why


@given(some_funnels, some_funnels)
def test_whatever_was_counted_every_kpi_is_a_number_or_says_why_not(
    now: Funnel, before: Funnel
) -> None:
    for line in card(now, before).lines:
        assert isinstance(line.reading, Unknown) or line.reading.bottom > 0
        assert line.before is not None


@given(some_funnels)
def test_the_same_again_is_no_change(now: Funnel) -> None:
    judged = {line.before.judgement for line in card(now, now).lines if line.before}
    assert judged <= {"unclear", "too_few", None}


@given(some_funnels, some_funnels)
def test_what_rose_from_there_to_here_fell_from_here_to_there(a: Funnel, b: Funnel) -> None:
    opposite = {"up": {"down", "unclear"}, "down": {"up", "unclear"}}
    for there, back in zip(card(a, b).lines, card(b, a).lines, strict=True):
        if "lead" in there.kpi.id:  # from none before any was told of, it rises from the unknown
            continue
        if there.before and back.before and there.before.judgement in opposite:
            assert back.before.judgement in opposite[there.before.judgement]


def test_from_one_to_two_is_too_few_to_tell() -> None:
    one, two = (replace(NOTHING, heard=True, clicks=40, sales=Sales(orders=n)) for n in (1, 2))
    for kpi in ("transactions", "conversion"):
        line = card(two, one).of(kpi)
        assert line.before is not None
        assert line.before.judgement == "too_few"


def test_a_part_of_the_days_compares_with_no_whole() -> None:
    now, part = (replace(NOTHING, heard=True, clicks=n) for n in (4_000, 400))
    line = card(now, replace(part, is_whole=False)).of("clicks")
    assert line.before is not None
    assert line.before.judgement is None
    assert card(now, part).of("clicks").before != line.before


def test_a_rate_rises_where_chance_does_not_explain_it() -> None:
    assert judge(Figure(60, 1_000, (60, 1_000)), Figure(20, 1_000, (20, 1_000))) == "up"
    assert judge(Figure(24, 1_000, (24, 1_000)), Figure(20, 1_000, (20, 1_000))) == "unclear"
    few_shares = Figure(60, 6, (60, 6)), Figure(60, 12, (60, 12))
    assert judge(*few_shares) == "unclear", "twice as many clicks a share, of six shares"
    assert judge(Figure(2_060, 1_000_000), Figure(2_000, 1_000_000)) == "unclear", "slight"


def test_a_target_is_not_missed_by_chance() -> None:
    aim = Fraction(3, 100)
    assert judge_against(Figure(3, 200, (3, 200)), aim) == "too_few"
    assert judge_against(Figure(3, 2_000, (3, 2_000)), aim) == "down", "sixty were to be expected"
    assert judge_against(Figure(0, 2_000, (0, 2_000)), aim) == "down"
    assert judge_against(Figure(28, 1_000, (28, 1_000)), aim) == "unclear"
    assert judge_against(Figure(150, 10_000, (150, 10_000)), aim) == "down"


@pytest.mark.parametrize(
    ("none_of", "judgement"), [(1, "too_few"), (10, "too_few"), (150, "too_few"), (300, "down")]
)
def test_none_of_few_is_no_fall(none_of: int, judgement: str) -> None:
    """25 of 1,000 before: a quarter of one in ten, and 7.5 in 300 were to be expected."""
    none, some = Figure(0, none_of, (0, none_of)), Figure(25, 1_000, (25, 1_000))
    assert judge(none, some) == judgement
    assert judge(some, none) == {"down": "up"}.get(judgement, judgement)


def test_costs_that_could_not_all_be_added_are_judged_by_nobody() -> None:
    spent = Outlay(spent=90_000, orders=400, earned=210_000)
    part = replace(spent, spent=45_000, apart=(EUROS,))
    target = Target(kpi="cost_per_action", value="1.00", currency="USD")
    for outlay in (part, replace(part, apart=(), untold=3)):
        funnels = Funnels(
            now=replace(NOTHING, outlay=outlay), before=replace(NOTHING, outlay=spent)
        )
        line = scorecard_of(funnels, YEAR, [target]).of("cost_per_action")
        assert line.before
        assert (line.before.judgement, line.targets[0].standing) == (None, None)
    whole = scorecard_of(replace(funnels, now=funnels.before), YEAR, [target])
    assert whole.of("cost_per_action").targets[0].standing == "missed"


def test_where_leads_were_told_of_before_none_is_zero_and_a_fall() -> None:
    told, none = (replace(NOTHING, pages=Pages(views=9, all_leads=n, leads=n)) for n in (40, 0))
    line = card(none, told).of("leads")
    assert line.figure == Figure(0, 1, (0,))
    assert line.before
    assert line.before.judgement == "down"
    assert card(none, none).of("leads").figure is None
    first = card(told, none).of("leads")
    assert first.before
    assert isinstance(first.before.reading, Unknown), "nobody told of them yet"
    assert card(NOTHING, told).of("leads").figure is None, "no page was heard"


def test_what_rests_on_no_event_or_one_misses_no_target() -> None:
    spent = replace(NOTHING, heard=True, pages=Pages(shares=1, measured=1, seconds=1))
    spent = replace(spent, outlay=Outlay(spent=3_000, orders=0, earned=0))
    for kpi in ("return_on_spend", "revenue_per_share", "time_on_site"):
        figure = KPIS[kpi].read(spent)
        assert isinstance(figure, Figure)
        assert judge_against(figure, Fraction(60)) == "too_few", kpi
    assert judge_against(Figure(0, 2_000, (0, 2_000)), Fraction(3, 100)) == "down", "a count"


@given(st.integers(-9, 9), st.integers(-3, 0))
def test_of_nothing_there_is_no_part(top: int, bottom: int) -> None:
    assert isinstance(ratio(top, bottom), Unknown)


def test_other_networks_make_another_figure() -> None:
    def told(*names: str) -> Funnel:
        spans = tuple(NetworkSpan(network=each, followers=1_000) for each in names)
        return replace(NOTHING, networks=spans)

    line = card(told("x", "tiktok"), told("x")).of("followers")
    assert line.before is not None
    assert isinstance(line.before.reading, Unknown)
    assert line.before.judgement is None


@pytest.mark.parametrize("kpi", KPIS.values(), ids=[*KPIS])
def test_every_kpi_has_a_formula_in_words_and_a_definition(kpi) -> None:
    assert kpi.read.__doc__
    assert definitions()[kpi.anchor].name == kpi.name
    assert definitions()[kpi.anchor].group == "Key figures"


def test_each_of_the_five_pillars_has_figures() -> None:
    assert {kpi.pillar for kpi in KPIS.values()} == {*PILLARS}
    assert {anchor for anchor in definitions() if anchor.startswith("kpi_")} == {
        kpi.anchor for kpi in KPIS.values()
    }


def test_what_sharing_cost_is_divided_by_what_came_of_it() -> None:
    spent = replace(NOTHING, outlay=Outlay(spent=9_000, orders=4, earned=21_000))
    assert KPIS["cost_per_action"].read(spent) == Figure(9_000, 4, (4,), is_worth=True)
    found = KPIS["return_on_spend"].read(spent)
    assert isinstance(found, Figure)
    assert found.value == Fraction(7, 3)
    free = replace(NOTHING, outlay=Outlay(spent=0, orders=4, earned=21_000))
    assert isinstance(KPIS["return_on_spend"].read(free), Unknown)
    assert isinstance(KPIS["cost_per_action"].read(free), Unknown)
