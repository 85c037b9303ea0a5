"""Who is sent nothing: the same, in whichever order it is told."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from local.template.declarations import Template
from sharetrail.aws.tables import MERCHANTS
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression, Why
from tests.stores import on_both

pytestmark = on_both
NOW = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ANA = "Ana@shop.example"


def keep(why: Why, at: datetime, recipient: str = ANA) -> None:
    suppressions.keep(Suppression(merchant="m_1", recipient=recipient, why=why, at=at))


def why() -> Why | None:
    found = suppressions.find("m_1", "ana@SHOP.example")
    return found.why if found else None


def test_a_bounce_stands_until_it_is_lifted_and_so_does_the_next(tables: Template) -> None:
    assert why() is None
    keep("bounced", NOW)
    assert why() == "bounced"
    assert [each.recipient for each in suppressions.find_all("m_1")] == [ANA]
    suppressions.lift_bounce("m_1", ANA, NOW + DAY)
    assert (why(), suppressions.find_all("m_1")) == (None, [])
    keep("bounced", NOW)
    assert why() is None, "of a mail of before, told late or again"
    keep("bounced", NOW + 2 * DAY)
    assert why() == "bounced"


def test_a_complaint_is_not_lifted_with_a_bounce(tables: Template) -> None:
    keep("complained", NOW)
    keep("bounced", NOW)
    assert why() == "complained"
    suppressions.lift_bounce("m_1", ANA, NOW + DAY)
    assert why() == "complained"
    suppressions.lift_all("m_1", ANA, NOW + DAY)
    assert why() is None


def test_one_merchants_complaint_says_nothing_of_anothers_mail(tables: Template) -> None:
    keep("complained", NOW)
    assert suppressions.find("m_2", ANA) is None
    assert suppressions.find("m_1", "ben@shop.example") is None


def test_in_whichever_order_they_come_they_end_in_the_same(tables: Template) -> None:
    steps = (
        lambda who: keep("bounced", NOW, who),
        lambda who: suppressions.lift_bounce("m_1", who, NOW + DAY),
        lambda who: keep("bounced", NOW + 2 * DAY, who),
        lambda who: suppressions.lift_all("m_1", who, NOW + 3 * DAY),
        lambda who: keep("complained", NOW + 4 * DAY, who),
    )
    ends = []
    for number, order in enumerate(permutations(steps)):
        who = f"owner{number}@shop.example"
        for step in order:
            step(who)
        row = MERCHANTS.get("merchant#m_1", f"suppressed#{who}")
        assert row
        ends.append({name: value for name, value in row.items() if name not in ("sk", "recipient")})
    assert all(end == ends[0] for end in ends)
    assert {each.why for each in suppressions.find_all("m_1")} == {"complained"}
