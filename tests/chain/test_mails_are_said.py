"""What a shop's report says is said in its own language from the build to the mail; so is where one
unsubscribes, and what the API says of an order to who asks for it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from local.cloud import Cloud
from sharetrail.calendars import local_day
from sharetrail.mail import unsubscribes
from sharetrail.merchants import profiles
from sharetrail.report import span
from sharetrail.report.building import build_report
from sharetrail.report.mailing.compose_mail import compose
from tests.pseudo import unsaid, unsaid_html
from tests.recipients import OWNER
from tests.shops import Shop

NAMES = ("Mug & Bean", "Ana", "Ben", "Zoe", "Sharetrail", "sharetrail.js", OWNER, "USD", "JPY")
_SHEET = re.compile(r"influencers-[\d-]+\.csv")


@pytest.fixture
def shop(cloud: Cloud, pseudo: str) -> Shop:
    """Two weeks of three people, one of whom buys what they sell."""
    shop = Shop.onboard(cloud, language=pseudo)
    ana = {"id": "ana", "name": "Ana", "email": "again@example.com"}
    made = [shop.share(influencer=ana), shop.share("ben", network="copy")]
    made.append(shop.share("zoe", network="device", product={"id": "7", "title": "Mug & Bean"}))
    for week in range(2):
        trail = [shop.click(each.json["code"]) for each in made]
        _later(shop, hours=1)
        for n in range(3 + 4 * week):
            buyer = "again@example.com" if n == 1 else f"{week}{n}@example.com"
            shop.buy(f"1{week}0{n}", "96.00", ",".join(trail), visit=trail[-1], email=buyer)
        shop.cloud.drain()
        _later(shop, days=7)
        shop.run("close_days", "score_influencers")
    return shop


def _later(shop: Shop, **ago: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**ago))


def test_a_report_is_built_and_mailed_in_the_shop_s_language(shop: Shop) -> None:
    now = shop.cloud.clock.now()
    merchant = profiles.find(shop.id, now)
    last_week = span.of_day("week", local_day(now, merchant.tz)).before()
    report = build_report.build(merchant, last_week, 12_345, now)
    assert report.tasks
    assert report.held_orders
    for each in report.influencers:
        assert unsaid(f"{each.moved} {each.discount} {each.advice}") == []
    mail = compose(report, OWNER, "https://x.example/unsubscribe/1", "https://x.example/reports/1")
    for told in (mail.subject, mail.text):
        assert unsaid(_SHEET.sub("", told), *NAMES) == []
    assert unsaid_html(_SHEET.sub("", mail.html), *NAMES) == []
    assert 'lang="ja-JP"' in mail.html


def test_where_one_unsubscribes_every_word_is_said(shop: Shop) -> None:
    url = unsubscribes.url_for(shop.id, OWNER, shop.cloud.clock.now())
    path = "/unsubscribe/" + url.rpartition("/")[2]
    stays, left = shop.ask("GET", path), shop.ask("POST", path, b"leave=1")
    back = shop.ask("POST", path, b"undo=1")
    unknown = shop.ask("GET", "/unsubscribe/00", headers={"accept-language": "ja"})
    for answer in (stays, left, back, unknown):
        assert unsaid_html(answer.body.decode(), *NAMES) == []
        assert b'<html lang="ja' in answer.body


def test_of_an_order_the_api_says_everything_in_the_language_that_is_asked_for(shop: Shop) -> None:
    def asked(language: str) -> dict[str, Any]:
        headers = {
            "authorization": f"Bearer {shop.facts['secret_key']}",
            "accept-language": language,
        }
        answer: dict[str, Any] = shop.ask("GET", "/v1/orders/shopify/1001", headers=headers).json
        return answer

    told, plain = asked("ja,en;q=0.5"), asked("sv")
    sentences = [
        *(each["sentence"] for lines in told["credits"].values() for each in lines),
        *(each["sentence"] for each in told["decisions"]),
        *(each["before"] for each in told["touches"]),
        *told["models"].values(),
        *told["left_out"],
    ]
    assert len(sentences) > 20
    assert [each for each in sentences if unsaid(each, *NAMES)] == []
    assert any("own" in each["sentence"] for each in plain["decisions"])
