"""What networks' own statistics say, as a merchant who lives by the page alone tells it."""

from datetime import timedelta
from typing import Any

import pytest

from sharetrail.sharing.networks import NETWORKS
from tests.pseudo import unsaid_html
from tests.recipients import Recipient, forms, text
from tests.shops import Answer, Shop

COLUMNS = "network,day,followers,posts,impressions,engagements"
NAMES = [each.name for each in NETWORKS.values()] + ["instagram"]
TABLE = """network\tday\timpressions\tfollowers
Instagram\t{day}\t10,000\t1 177
tiktok\t{day}\t\t495
"""


@pytest.fixture
def owner(shop: Shop) -> Recipient:
    return Recipient(shop)


def today(shop: Shop) -> str:
    return f"{(shop.cloud.clock.now() - timedelta(hours=5)).date()}"


def one(shop: Shop, **changes: str) -> dict[str, str]:
    """What the form sends of a network's day."""
    told = {"network": "instagram", "day": today(shop), "followers": "1,177", "posts": ""}
    return {**told, "impressions": "10000", "engagements": "0", **changes}


def known(shop: Shop) -> list[Any]:
    day = today(shop)
    return [
        tuple(each[name] for name in ("network", "followers", "posts", "impressions"))
        for each in shop.read(f"/v1/network-figures?from={day}&to={day}")["items"]
    ]


def test_a_networks_day_is_told_on_the_page_and_taken_back(shop: Shop, owner: Recipient) -> None:
    day = today(shop)
    assert "Tell figures" in text(owner.look("figures", span=f"{day}..{day}"))
    assert "A network's day" in text(owner.look("acts/figures"))
    offer = owner.look("acts/figures", **one(shop))
    (form,) = forms(offer)
    assert form.button == "Tell them"
    assert "1,177 followers, 10,000 impressions, and 0 engagements" in text(offer)
    assert known(shop) == [], "looking changes nothing"
    assert "Instagram, " in text(owner.press(form))
    assert known(shop) == [("instagram", 1177, None, 10_000)]
    assert owner.press(form).status == 200, "whoever presses twice tells it once"
    page = text(owner.look("figures", span=f"{day}..{day}"))
    assert "Followers 1,177" in page
    assert owner.undo().status == 200
    assert known(shop) == []
    assert owner.undo().status == 200
    assert known(shop) == [("instagram", 1177, None, 10_000)]


def test_a_table_is_pasted_as_a_spreadsheet_has_it(shop: Shop, owner: Recipient) -> None:
    owner.act("figures", **one(shop, network="tiktok", followers="400", impressions="2000"))
    owner.act("figures", table=TABLE.format(day=today(shop)))
    assert known(shop) == [("instagram", 1177, None, 10_000), ("tiktok", 495, None, None)]
    owner.undo()
    assert known(shop) == [("tiktok", 400, None, 2000)], "as it stood before"


def test_what_somebody_else_told_meanwhile_stands(shop: Shop, owner: Recipient) -> None:
    (form,) = forms(owner.look("acts/figures", **one(shop)))
    body = {"figures": [{"network": "instagram", "day": today(shop), "followers": 9}]}
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("PUT", "/v1/network-figures", body, headers).status == 200
    assert owner.press(form).status == 409
    assert known(shop) == [("instagram", 9, None, None)]


WRONG = [
    ({"followers": "12.5"}, "“12.5” is no whole number."),
    ({"followers": "-5"}, "is no whole number"),
    ({"followers": "9" * 19}, "is no whole number"),
    ({"followers": "", "impressions": "", "engagements": ""}, "No figure is written there."),
    ({"network": "myspace"}, "There is no network “myspace”."),
    ({"day": "yesterday"}, "Enter the days as 2026-11-01."),
    ({"day": "2088-01-01"}, "This day has not begun yet."),
]
WRONG_TABLES = [
    ("instagram,2026-11-16,7", "The first line names the columns: network,"),
    ("network,day,wealth\ninstagram,2026-11-16,7", "The first line names the columns"),
    ("network,day,posts\n", "The first line names the columns"),
    ("network,day,posts\n\nx,2026-11-16,7\nx,soon,7", "Line 4: Enter the days as 2026-11-01."),
    ("network,day,posts\nx,2026-11-16,7\nX,2026-11-16,8", "Line 3: This network and day stand"),
    (
        "network,day,posts\n"
        + "".join(f"x,2026-10-{n % 31 + 1:02},1\n" for n in range(31))
        # and one more
        + "x,2026-11-01,1",
        "At most 31 lines at once.",
    ),
]


@pytest.mark.parametrize(("changes", "why"), WRONG)
def test_what_is_no_figure_is_refused_with_why(
    shop: Shop, owner: Recipient, changes: dict[str, str], why: str
) -> None:
    answer = owner.look("acts/figures", **one(shop, **changes))
    assert (answer.status, known(shop)) == (400, [])
    assert why in text(answer)


@pytest.mark.parametrize(("table", "why"), WRONG_TABLES)
def test_a_table_is_refused_by_the_line_at_fault(owner: Recipient, table: str, why: str) -> None:
    answer = owner.look("acts/figures", table=table)
    assert answer.status == 400
    assert why in text(answer)


@pytest.mark.parametrize(
    "query",
    [
        *("of=moon", "value=instagram", "value=instagram+2026-11-16+1+2", "of=x+2026-02-31"),
        *("value=x+2088-01-01+1+1+1+1", "of=x+2026-11-16~x+2026-11-16", "value=~"),
    ],
)
def test_an_address_that_nobody_was_given_is_refused(owner: Recipient, query: str) -> None:
    answer = owner.shop.ask("GET", f"{owner.base}/acts/figures?{query}")
    assert answer.status == 400, query


def test_a_month_of_a_network_fits_and_a_reader_tells_nothing(shop: Shop, owner: Recipient) -> None:
    lines = "".join(f"instagram,2026-10-{n:02},123456,17,98765,4321\n" for n in range(1, 32))
    table = f"network,day,followers,posts,impressions,engagements\n{lines}"
    offer = owner.look("acts/figures", table=table)
    assert "And 23 more lines." in text(offer)
    (form,) = forms(offer)
    assert len(form.action) < 4_000
    assert owner.press(form).status == 200
    told = shop.read("/v1/network-figures?from=2026-10-01&to=2026-10-31&limit=50")["items"]
    assert len(told) == 31


def test_a_link_for_reading_tells_nothing(shop: Shop, owner: Recipient) -> None:
    (form,) = forms(owner.look("acts/figures", **one(shop)))
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=9))
    assert owner.press(form).status == 403
    assert owner.look("acts/figures").status == 403
    forged: Answer = owner.post(form.action, {"seen": form.fields["seen"], "proof": "1.x"})
    assert forged.status == 403
    assert shop.read("/v1/network-figures?from=2026-11-01&to=2026-11-30")["items"] == []


def test_a_form_that_no_page_of_ours_offered_tells_nothing(shop: Shop, owner: Recipient) -> None:
    (form,) = forms(owner.look("acts/figures", **one(shop)))
    forged = owner.post(form.action, {**form.fields, "proof": form.fields["proof"][:-1] + "x"})
    assert forged.status in (400, 403, 409)
    page, mark, asked = form.action.partition("?")
    other = asked.replace("1177", "9999")
    assert other != asked
    assert owner.post(f"{page}{mark}{other}", form.fields).status in (400, 403, 409)
    assert known(shop) == []


def test_every_word_is_in_the_readers_language(shop: Shop, pseudo: str) -> None:
    shop.onboarded(language=pseudo)
    owner = Recipient(shop)
    table = TABLE.format(day=today(shop))
    for answer in (
        owner.look("acts/figures"),
        owner.look("acts/figures", table=table),
        owner.look("acts/figures", **one(shop, followers="1.5")),
        owner.act("figures", **one(shop, followers="1", posts="1")),
    ):
        html = answer.body.decode()
        for columns in (COLUMNS, COLUMNS.replace(",", ", ")):
            html = html.replace(columns, "")
        assert unsaid_html(html, "Mug & Bean", *NAMES) == []
