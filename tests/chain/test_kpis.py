"""Key figures as a merchant asks for them, aims at them, and tells of their networks."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from sharetrail.analysis import periods
from tests.pseudo import unsaid_html
from tests.report_pages import ReportPage
from tests.shops import ORIGIN, Answer, Shop


def put(shop: Shop, path: str, body: Any) -> Answer:
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    return shop.ask("PUT", path, body, headers)


def kpis(shop: Shop, query: str = "") -> dict[str, Any]:
    return {each["id"]: each for each in shop.read(f"/v1/kpis{query}")["kpis"]}


def today(shop: Shop) -> str:
    return shop.read("/v1/stats")["to"]


def test_of_a_shop_of_which_nothing_was_heard_every_figure_says_why_it_is_not_known(
    shop: Shop,
) -> None:
    for each in kpis(shop).values():
        assert each["figure"] is None, each["id"]
        assert each["unknown"], each["id"]


def test_targets_are_those_that_were_told_last_and_stand_beside_their_figures(shop: Shop) -> None:
    first = {"targets": [{"kpi": "clicks", "aim": "700", "per": "week"}]}
    assert put(shop, "/v1/targets", first).status == 200
    day = date.fromisoformat(today(shop))
    money = {"amount": f"{100 * monthrange(day.year, day.month)[1]}.00", "currency": "USD"}
    told = {"targets": [{"kpi": "revenue_net", "aim": money}, {"kpi": "conversion", "aim": "0.03"}]}
    answer = put(shop, "/v1/targets", told)
    assert answer.json == shop.read("/v1/targets")
    assert answer.json["targets"] == [
        {"kpi": "revenue_net", "pillar": "sales", "aim": money, "per": "month", "network": None},
        {"kpi": "conversion", "pillar": "sales", "aim": "0.03", "per": None, "network": None},
    ]
    shop.click(shop.share("ana").json["code"])
    shop.buy("1001", "60.00", "none")
    shop.cloud.drain()
    (own,) = kpis(shop, f"?from={day}&to={day}")["revenue_net"]["targets"]
    assert (own["off"], own["standing"]) == (None, None), "the days are not over"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    found = kpis(shop, f"?from={day}&to={day}")
    assert found["clicks"]["targets"] == []
    (own,) = found["revenue_net"]["targets"]
    assert own["figure"] == {"amount": "100.00", "currency": "USD"}
    assert own["off"] == {"amount": "-100.00", "currency": "USD"}
    assert (own["source"], own["standing"]) == (None, "missed")
    others = found["conversion"]["targets"][1:]
    assert {each["year"] for each in others} == {2023}
    assert all(each["source"] for each in others)


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ({"kpi": "moon", "aim": "1"}, "targets.0.kpi"),
        ({"kpi": "clicks", "aim": "0"}, "targets.0.aim"),
        ({"kpi": "clicks", "aim": {"amount": "1", "currency": "USD"}}, "targets.0.aim"),
        ({"kpi": "revenue_net", "aim": "5"}, "targets.0.aim"),
        ({"kpi": "revenue_net", "aim": {"amount": "0.00", "currency": "USD"}}, "targets.0.aim"),
        ({"kpi": "revenue_net", "aim": {"amount": "0.001", "currency": "USD"}}, "targets.0.aim"),
        ({"kpi": "revenue_net", "aim": {"amount": "1", "currency": "EUR"}}, "targets.0.aim"),
    ],
)
def test_a_target_that_is_none_is_refused_by_its_field(
    shop: Shop, target: dict[str, Any], field: str
) -> None:
    answer = put(shop, "/v1/targets", {"targets": [target]})
    assert answer.status == 400
    assert any(each["field"].startswith(field) for each in answer.json["errors"]), answer.json
    assert shop.read("/v1/targets") == {"targets": []}


def test_a_target_stands_once(shop: Shop) -> None:
    twice = {"targets": [{"kpi": "clicks", "aim": "1"}] * 2}
    answer = put(shop, "/v1/targets", twice)
    assert [each["field"] for each in answer.json["errors"]] == ["targets.1.kpi"]


def test_the_newest_word_of_a_network_and_day_stands(shop: Shop) -> None:
    day = today(shop)
    for followers in (900, 950):
        said = {"figures": [{"network": "instagram", "day": day, "followers": followers}]}
        assert put(shop, "/v1/network-figures", said).status == 200
    (only,) = shop.read(f"/v1/network-figures?from={day}&to={day}")["items"]
    assert (only["network"], only["followers"], only["posts"]) == ("instagram", 950, None)
    found = kpis(shop, f"?to={day}")
    assert found["followers"]["figure"] == 950
    assert found["impressions"]["unknown"] == "no figures of your networks were told"


def test_network_figures_are_listed_by_day_a_page_at_a_time(shop: Shop) -> None:
    day = today(shop)
    names = ["facebook", "instagram", "tiktok", "x"]
    figures = [{"network": each, "day": day, "posts": n} for n, each in enumerate(names)]
    put(shop, "/v1/network-figures", {"figures": figures[::-1]})
    found, cursor = [], ""
    while True:
        told = shop.read(f"/v1/network-figures?limit=3{cursor}")
        found += [each["network"] for each in told["items"]]
        if told["cursor"] is None:
            break
        cursor = f"&cursor={told['cursor']}"
    assert found == names


@pytest.mark.parametrize(
    "figure",
    [
        {"network": "myspace", "followers": 1},
        {"network": "x", "followers": -1},
        {"network": "x", "followers": 1.5},
        {"network": "x"},
        {"network": "x", "followers": 1, "day": "2099-01-01"},
    ],
)
def test_what_no_network_can_say_is_refused(shop: Shop, figure: dict[str, Any]) -> None:
    told = {"figures": [{"day": today(shop), **figure}]}
    assert put(shop, "/v1/network-figures", told).status == 400
    assert shop.read("/v1/network-figures")["items"] == []


@pytest.mark.parametrize("path", ["/v1/targets", "/v1/network-figures"])
def test_the_key_of_the_shops_pages_sets_nothing(shop: Shop, path: str) -> None:
    headers = {"authorization": f"Bearer {shop.facts['publishable_key']}", "origin": ORIGIN}
    assert shop.ask("PUT", path, {"targets": [], "figures": []}, headers).status in (400, 403)
    assert shop.ask("GET", path, headers=headers).status == 403


def test_only_a_stay_has_a_length(shop: Shop) -> None:
    def tell(**event: Any) -> int:
        said = {"id": "event-0001", "url": f"{ORIGIN}/mug", **event}
        body = {"key": shop.facts["publishable_key"], "events": [said]}
        return shop.ask("POST", "/v1/events", body, {"origin": ORIGIN}).status

    assert tell(type="stay", seconds=1_800, page=1) == 202
    assert tell(type="stay", seconds=1_801) == 400
    assert tell(type="stay", seconds=-1) == 400
    assert tell(type="view", seconds=1) == 400
    assert tell(type="visit", page=1) == 400


def test_the_page_shows_figures_targets_and_what_is_not_known(shop: Shop) -> None:
    put(shop, "/v1/targets", {"targets": [{"kpi": "transactions", "aim": "7", "per": "week"}]})
    code = shop.share("ana").json["code"]
    shop.buy("1001", "60.00", shop.click(code), visit="other")
    shop.cloud.drain()
    link = ReportPage(shop)
    span, page = link.around, link.text("figures")
    assert "Your targets | Sales Orders through sharing 1 / 3" in page
    assert "your target: 7 a week off by" not in page, "the days are not over"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=3))
    assert "your target: 7 a week off by 2" in link.text("figures", span)
    assert "Net revenue | $60.00" in page
    assert "Followers and Follower growth: no numbers of followers were told." in page
    assert "A rule of thumb of the trade, which names no study, 2023" in page


def test_where_no_days_are_named_they_are_the_seven_that_are_over(shop: Shop) -> None:
    first = date.fromisoformat(today(shop))
    shop.buy("1001", "60.00", "none")
    shop.cloud.drain()
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=1))
    shop.buy("1002", "70.00", shop.click(shop.share("ana").json["code"]))
    shop.cloud.drain()
    told = shop.read("/v1/kpis")
    assert (told["from"], told["to"]) == (f"{first - timedelta(days=6)}", f"{first}")
    assert told["over"], "and so they are judged"
    assert kpis(shop)["transactions"] == kpis(shop, f"?to={first}")["transactions"]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=20))
    assert shop.run("close_days") == []
    assert shop.read("/v1/kpis")["to"] == f"{first + timedelta(days=1)}", "the last that had any"


def test_a_holiday_that_only_these_days_have_is_told_on_the_page(shop: Shop) -> None:
    """The month of November of 2026 has the Monday that in 2025 fell on December 1."""
    told = shop.read("/v1/kpis?from=2026-11-01&to=2026-11-30")["last_year"]["holiday"]
    assert told["side"] == "only_now"
    page = ReportPage(shop).text("figures", "2026-11")
    assert "Cyber Monday falls in these days, and it did not in those of a year ago" in page


def test_days_that_hold_much_are_added_up_by_a_worker_to_the_same_figures(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = shop.share("ana").json["code"]
    shop.buy("1001", "60.00", shop.click(code), visit="other")
    shop.cloud.drain()
    page = ReportPage(shop)
    query = f"?to={today(shop)}"
    at_once, shown = kpis(shop, query), page.text("figures")
    monkeypatch.setattr(periods, "MOST_ORDERS", 0)
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    asked = shop.ask("GET", f"/v1/kpis{query}", headers=headers)
    assert asked.status == 202
    assert "they are being added up" in page.text("figures")
    assert shop.cloud.drain()["failed"] == []
    told = shop.read(f"/v1/results/{asked.json['id']}")
    assert {each["id"]: each for each in told["kpis"]} == at_once
    assert page.text("figures") == shown


def test_openapi_tells_the_fields_of_a_figure(shop: Shop) -> None:
    schemas = shop.read("/v1/openapi.json")["components"]["schemas"]
    assert {"figure", "unknown", "days_before", "last_year", "targets"} <= set(
        schemas["KpiAnswer"]["properties"]
    )


def test_every_word_of_the_page_is_in_the_readers_language(shop: Shop, pseudo: str) -> None:
    shop.onboarded(language=pseudo)
    day = today(shop)
    own = [{"kpi": "transactions", "aim": "7", "per": "week"}, {"kpi": "leads", "aim": "7"}]
    put(shop, "/v1/targets", {"targets": own})
    figures = [{"network": "tiktok", "day": day, "posts": 1, "engagements": 90, "followers": 7}]
    put(shop, "/v1/network-figures", {"figures": figures})
    shop.buy("1001", "60.00", shop.click(shop.share("ana").json["code"]), visit="other")
    shop.cloud.drain()
    html = ReportPage(shop).html("figures")
    assert unsaid_html(html, "Mug", "Bean", "TikTok") == []


# ── targets set on the page ──────────────────────────────────────────────────────────────────────
@dataclass
class Owner:
    """Whoever has a recipient's link, and presses what the page offers."""

    shop: Shop
    page: ReportPage = field(init=False)

    def __post_init__(self) -> None:
        self.page = ReportPage(self.shop)

    def look(self, path: str) -> str:
        return self.page.ask(path).body.decode()

    def press(self, path: str) -> Answer:
        """The one button of the page at this path."""
        html = self.look(path)
        action = unescape(re.findall(r'<form method="post" action="([^"]+)"', html)[0])
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', html))
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self.shop.ask("POST", action, urlencode(hidden).encode(), headers)

    def target(self) -> Any:
        return self.shop.read("/v1/targets")["targets"]


@pytest.fixture
def owner(shop: Shop) -> Owner:
    return Owner(shop)


def test_a_target_is_set_changed_and_taken_back_on_the_page(owner: Owner) -> None:
    owner.shop.buy("1001", "60.00", owner.shop.click(owner.shop.share("ana").json["code"]))
    owner.shop.cloud.drain()
    assert '<option value="conversion">Conversion</option>' in owner.look("figures")
    assert "What it should reach" in owner.look("acts/target?kpi=conversion")
    told = owner.look("acts/target?kpi=conversion&written=1&value=3.5+%25")
    assert "Your target will be 3.5%." in told
    assert owner.target() == [], "nothing changes before it is pressed"
    assert owner.press("acts/target?kpi=conversion&written=1&value=3.5").status in (200, 303)
    assert [each["aim"] for each in owner.target()] == ["0.035"]
    assert "3.5% your target" in owner.page.text("figures")
    assert 'value="3.5"' in owner.look("acts/target?kpi=conversion"), "as it was written"
    owner.press("acts/target?kpi=conversion&written=1&value=4")
    assert [each["aim"] for each in owner.target()] == ["0.04"]
    assert "Target of Conversion: 4%" in owner.page.text("acts")
    owner.press("acts/target?kpi=conversion&value=none")
    assert owner.target() == []
    assert "Target of Conversion: none" in owner.page.text("acts")


def test_money_is_aimed_at_by_the_month_and_leaves_other_targets_alone(owner: Owner) -> None:
    put(owner.shop, "/v1/targets", {"targets": [{"kpi": "clicks", "aim": "7", "per": "week"}]})
    owner.press("acts/target?kpi=revenue_net&written=1&value=12,000")
    clicks, revenue = owner.target()
    assert (clicks["aim"], clicks["per"]) == ("7", "week")
    assert revenue["aim"] == {"amount": "12000.00", "currency": "USD"}
    assert revenue["per"] == "month"


def test_a_network_has_targets_of_its_own(owner: Owner) -> None:
    shop, day = owner.shop, today(owner.shop)
    figures = [{"network": "instagram", "day": day, "followers": 900, "impressions": 50}]
    put(shop, "/v1/network-figures", {"figures": figures})
    owner.press("acts/target?kpi=followers&written=1&value=2000")
    owner.press("acts/target?kpi=followers&network=instagram&written=1&value=1000")
    assert [(each["network"], each["aim"]) for each in owner.target()] == [
        (None, "2000"),
        ("instagram", "1000"),
    ]
    page = owner.page.text("figures", f"{day}..{day}")
    assert "Followers Instagram 900 / 1,000" in page
    assert "Target of Followers on Instagram: 1,000" in owner.page.text("acts")
    owner.press("acts/target?kpi=followers&network=instagram&value=none")
    assert [each["network"] for each in owner.target()] == [None], "the other stays"
    wrong = {"targets": [{"kpi": "conversion", "aim": "0.03", "network": "instagram"}]}
    assert put(shop, "/v1/targets", wrong).json["errors"][0]["field"] == "targets.0.network"
    for query in ("kpi=conversion&network=instagram", "kpi=followers&network=moon"):
        assert owner.page.ask(f"acts/target?{query}", "").status == 404


def test_what_somebody_else_set_meanwhile_stands(owner: Owner) -> None:
    path = "acts/target?kpi=clicks&written=1&value=9"
    html = owner.look(path)
    put(owner.shop, "/v1/targets", {"targets": [{"kpi": "clicks", "aim": "7"}]})
    owner.look = lambda _: html  # type: ignore[method-assign]
    assert owner.press(path).status == 409
    assert [each["aim"] for each in owner.target()] == ["7"]


@pytest.mark.parametrize(
    "query",
    [
        *("kpi=moon", "kpi=", "kpi=clicks&written=1&value=many", "kpi=clicks&written=1&value=-3"),
        *("kpi=clicks&written=1&value=0.2", "kpi=conversion&value=0.03+USD", "kpi=clicks&value=7"),
        *("kpi=revenue_net&value=7+month", "kpi=conversion&written=1&value=NaN"),
        *("kpi=conversion&written=1&value=0", "kpi=conversion&written=1&value=1e400"),
    ],
)
def test_what_is_no_target_is_refused_on_the_page(owner: Owner, query: str) -> None:
    assert owner.page.ask(f"acts/target?{query}", "").status in (400, 404), query
