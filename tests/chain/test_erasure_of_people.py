"""Erasure of who shares and of who gets reports: nothing names them any more but what is said to
stay, no figure changes, and nothing brings them back."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import boto3
import pytest

from sharetrail.aws import environment
from sharetrail.aws.tables import INFLUENCERS, LINKS, REPORTS
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef
from sharetrail.privacy import pieces
from sharetrail.privacy.traces import influencer_orders
from sharetrail.privacy.traces.alias import Alias
from sharetrail.report.keeping.recipient_codes import codes_of
from sharetrail.sharing import coupon_codes, influencers, links
from sharetrail.sharing.coupon_codes import Ownership
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.link import Link
from tests.chain.test_personal import CLEO, enter_costs, share_and_follow
from tests.erasures import erase, figures, places
from tests.kills import done_over_and_over
from tests.lives import NearShop
from tests.recipients import OWNER, Recipient, text
from tests.shops import ORIGIN, Shop, monday

CLEOS = re.compile(r"(?i)cleo markova|cleo@people|cleo\.marks|for cleo|(?<!-)\bmarked\b(?!-)")
"""What was declared of her, or said of her by the shop."""
DECLARED = ("handles", "reach", "tags", "email", "note")
PARTNER = "Partner@shop.example"
ADDRESS_AS_ID = "dora@people.example"


def secret(shop: Shop) -> dict[str, str]:
    return {"authorization": f"Bearer {shop.facts['secret_key']}"}


def pass_time(shop: Shop, **time: float) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))


def drain(shop: Shop) -> None:
    assert shop.cloud.drain()["failed"] == []


# ── who shares ───────────────────────────────────────────────────────────────────────────────────
def share_and_sell(shop: Shop) -> str:
    """Cleo shares, sells, buys from herself, costs, and owns a code; her click."""
    click = share_and_follow(NearShop(shop.cloud, shop.facts, address="203.0.113.77"))
    gift = {"code": "CLEO77", "influencer": "cleo"}
    assert shop.ask("POST", "/v1/codes", gift, secret(shop)).status == 201
    assert shop.share("cleo", campaign="Cleo Markova's week", label="cleo.marks").status == 201
    assert shop.ask("PUT", "/v1/influencers/cleo", CLEO, secret(shop)).status == 200
    pass_time(shop, minutes=5)
    codes = [{"code": "CLEO77", "amount": "7.00", "type": "fixed_amount"}]
    assert shop.buy("1077", "77.00", click, visit=click, discount_codes=codes).status == 200
    assert shop.buy("1078", "50.00", click, visit=click, email=CLEO["email"]).status == 200
    drain(shop)
    enter_costs(shop)
    return click


def be_told_of(shop: Shop) -> None:
    """A report names her, is mailed, and somebody acts on it."""
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    for schedule in ("close_days", "score_influencers", "schedule_reports"):
        assert shop.run(schedule) == []
    owner = Recipient(shop)
    assert owner.act("tag", influencer="cleo", value="marked, vip").status == 200
    assert owner.act("name", influencer="cleo", value="Cleo Markova-Bean").status == 200
    drain(shop)


def nameless(told: dict[Any, Any]) -> Any:
    """Figures, whatever people are called, and without what was declared of them."""
    text = json.dumps({f"{name}": _undeclared(each) for name, each in told.items()})
    return json.loads(re.sub("Cleo Markova(-Bean)?|cleo.marks|Influencer [0-9A-Z]{4}", "X", text))


def _undeclared(told: Any) -> Any:
    if isinstance(told, dict):
        return {n: _undeclared(each) for n, each in told.items() if n not in DECLARED}
    return [_undeclared(each) for each in told] if isinstance(told, list) else told


def hold_reports(shop: Shop) -> list[str]:
    """The keys of the reports that are kept: each is what its hash says, and a row names it."""
    s3, bucket = boto3.client("s3"), environment.reports_bucket()
    found = s3.list_objects_v2(Bucket=bucket)["Contents"]
    keys = [each["Key"] for each in found if each["Key"].endswith(".json")]
    for key in keys:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        assert key.rpartition("/")[2] == f"{hashlib.sha256(body).hexdigest()}.json"
    named = {row["snapshot"] for row in REPORTS.query(shop.id, having="snapshot")}
    assert {key.rpartition("/")[2].removesuffix(".json") for key in keys} == named
    return keys


def test_an_erased_influencer_is_named_nowhere_and_no_figure_changes(shop: Shop) -> None:
    click = share_and_sell(shop)
    be_told_of(shop)
    row = INFLUENCERS.get(shop.id, "cleo") or {}
    hashes = re.compile("|".join([row["email_hash"], *row["customers"], *row["addresses"]]))
    before, reports = nameless(figures(shop)), hold_reports(shop)
    met = places(shop, CLEOS)
    assert {each.split()[0] for each in met} == {
        *("bucket", "influencers", "links", "merchants", "orders", "reports")
    }
    hold_export(exported(shop, {"influencer": "cleo"}))

    erase(shop, influencer="cleo")

    assert places(shop, CLEOS) == []
    as_buyer = {each.split()[0] for each in places(shop, hashes)}
    assert as_buyer <= {"orders", "identities"}, "of herself as a buyer somebody else asks"
    assert [row for row in LINKS.scan() if "maker" in row and row["influencer"] == "cleo"] == []
    assert nameless(figures(shop)) == before
    assert len(hold_reports(shop)) == len(reports)
    assert "Influencer " in text(Recipient(shop).look("people/cleo"))
    assert shop.follow(shop.read("/v1/influencers/cleo")["links"][0]["code"]).status == 302
    nothing_brings_her_back(shop, click)


def nothing_brings_her_back(shop: Shop, click: str) -> None:
    """The calls and webhooks of before, and what the next order looks up."""
    stood = {each["sign"] for each in shop.order("1078")["decisions"]}
    assert "self_email" in stood
    put = shop.ask("PUT", "/v1/influencers/cleo", CLEO, secret(shop))
    assert (put.status, put.json["code"]) == (410, "influencer_erased")
    about = {"id": "cleo", "name": CLEO["name"], "email": CLEO["email"], "handles": CLEO["handles"]}
    assert shop.share(influencer=about, label="anew").status == 201
    token = shop.ask("POST", "/v1/influencers/cleo/token", None, secret(shop)).json["token"]
    assert shop.share(key="publishable_key", influencer={"token": token}).status in (200, 201)
    assert shop.buy("1077", "77.00", click, visit=click).status == 200
    assert shop.deliver("refunds/create", shop.a_refund("1078", "9", "5.00")).status == 200
    pass_time(shop, minutes=1)
    assert shop.buy("1079", "20.00", click, visit=click).status == 200
    drain(shop)
    assert places(shop, CLEOS) == []
    assert {each["sign"] for each in shop.order("1078")["decisions"]} == stood
    (line,) = shop.order("1079")["credits"]["linear"]
    assert (line["influencer"], line["credited"]["amount"]) == ("cleo", "20.00")


def exported(shop: Shop, whom: dict[str, Any]) -> Any:
    event = {"merchant": shop.id, "time": shop.cloud.clock.now().isoformat(), **whom}
    told = json.loads(json.dumps(shop.cloud.invoke("export_person", event)))
    return {**told["data"], "ends_by_itself": told["ends_by_itself"]}


def hold_export(told: Any) -> None:
    assert told["profile"]["email"] == CLEO["email"]
    assert told["kept_as_hashes"] == ["email_hash", "customers", "addresses"]
    assert {each["order"] for each in told["orders"]} == {"shopify/1077", "shopify/1078"}
    assert [each["code"] for each in told["codes"]] == ["CLEO77"]
    assert [each["note"] for each in told["costs"]] == ["for Cleo Markova"]
    assert len(told["links"]) == 3
    assert len(told["acts"]) == 2
    assert told["scores"]
    assert told["reports"]
    assert any("400 days" in each["ends"] for each in told["ends_by_itself"])


def test_an_influencers_many_orders_are_rewritten_once_be_it_in_many_pieces(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    share_and_sell(shop)
    be_told_of(shop)
    for order in ("1090", "1091"):
        shop.buy(order)
    drain(shop)
    before, rewritten, real = nameless(figures(shop)), list[str](), influencer_orders._rewrite

    def rewrite(merchant: Merchant, alias: Alias, ref: OrderRef) -> bool:
        rewritten.append(ref.id)
        return real(merchant, alias, ref)

    monkeypatch.setattr(influencer_orders, "_rewrite", rewrite)
    with monkeypatch.context() as short:
        short.setattr(pieces, "A_PIECE", -1.0)
        short.setattr(pieces, "_TOGETHER", 1)
        assert erase(shop, influencer="cleo")["goes_on"]

    assert rewritten == ["1077", "1078"]
    assert places(shop, CLEOS) == []
    assert nameless(figures(shop)) == before
    assert "was" not in (INFLUENCERS.get(shop.id, "cleo") or {})


@pytest.mark.slow
@pytest.mark.parametrize("piece", [pieces.A_PIECE, -1.0], ids=["at once", "in pieces"])
def test_an_influencers_erasure_that_dies_after_every_write_comes_to_its_end(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, piece: float
) -> None:
    share_and_sell(shop)
    be_told_of(shop)
    before = nameless(figures(shop))
    monkeypatch.setattr(pieces, "A_PIECE", piece)
    monkeypatch.setattr(pieces, "_TOGETHER", 1)

    assert done_over_and_over(lambda: erase(shop, influencer="cleo")) > 5

    assert places(shop, CLEOS) == []
    assert nameless(figures(shop)) == before
    assert hold_reports(shop)
    assert "was" not in (INFLUENCERS.get(shop.id, "cleo") or {})


def test_an_id_that_is_an_address_has_another_in_its_place(shop: Shop) -> None:
    """As ids could be chosen once."""
    now, url = shop.cloud.clock.now(), f"{ORIGIN}/products/mug"
    made = {"influencer": ADDRESS_AS_ID, "network": "x", "created_at": now}
    link = Link(code="doras-mug", merchant=shop.id, url=url, **made)
    LINKS.put(links.item(link))
    dora = Influencer(id=ADDRESS_AS_ID, name="Dora", created_at=now)
    influencers.meet(shop.id, dora, link, declared=True)
    coupon_codes.give(shop.id, Ownership(code="DORA", influencer=ADDRESS_AS_ID, since=now))
    click = shop.click("doras-mug")
    pass_time(shop, seconds=3)
    codes = [{"code": "DORA", "amount": "7.00", "type": "fixed_amount"}]
    shop.buy("1001", "30.00", click, visit=click)  # in the last second
    shop.buy("1002", "20.00", discount_codes=codes)
    drain(shop)
    (doubt,) = shop.order("1001")["decisions"]
    said = {"decision": doubt["id"], "word": "released"}
    assert shop.ask("POST", "/v1/orders/shopify/1001/decisions", said, secret(shop)).status == 200
    drain(shop)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    for schedule in ("close_days", "score_influencers", "schedule_reports"):
        assert shop.run(schedule) == []
    totals = shop.read("/v1/stats?by=influencer")["totals"]
    assert len(places(shop, re.compile("dora@"))) > 10

    for _ in range(2):
        erase(shop, influencer=ADDRESS_AS_ID)

    ended = ("bucket weeks/", "totals ", "bucket erasures/")
    left = places(shop, re.compile("(?i)dora@"))
    assert [each for each in left if not each.startswith(ended)] == []
    (row,) = shop.read("/v1/influencers")["items"]
    assert re.fullmatch("erased_[0-9a-z]{12}", row["id"])
    assert row["score"]
    assert shop.read("/v1/stats?by=influencer")["totals"] == totals
    (decision,) = shop.order("1001")["decisions"]
    assert decision["word"] == "released"
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "5.00"))
    drain(shop)
    assert shop.order("1001")["decisions"] == [decision]
    assert shop.order("1002")["credits"]["linear"][0]["influencer"] == row["id"]


# ── who gets reports ─────────────────────────────────────────────────────────────────────────────
def get_reports(shop: Shop) -> None:
    """Two recipients; the partner refuses a mail, is taken off and put back, chooses, leaves."""
    shop.onboarded(recipients=[OWNER, PARTNER])
    shop.buy("1001")
    drain(shop)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("schedule_reports") == []
    mails = {mail.to: mail for mail in shop.cloud.outbox.mails}
    partner, owner = Recipient(shop, PARTNER), Recipient(shop)
    shop.ask("POST", f"/_local/outbox/{mails[PARTNER].number}/bounce")
    drain(shop)
    assert owner.act("recipient", recipient=PARTNER, value="off").status == 200
    assert owner.act("recipient", recipient=PARTNER, value="listed").status == 200
    assert partner.act("choices", value="daily,weekly").status == 200
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("schedule_reports") == []
    (address,) = (part for part in mails[PARTNER].html.split('"') if "/unsubscribe/" in part)
    way = "/unsubscribe/" + address.rpartition("/")[2]
    assert shop.ask("POST", way, b"List-Unsubscribe=One-Click").status == 200


def partners(shop: Shop) -> re.Pattern[str]:
    codes = codes_of(shop.id, PARTNER, shop.cloud.clock.now())
    return re.compile("(?i)" + "|".join([PARTNER, *codes]))


def left_of_partner(shop: Shop) -> list[str]:
    """But allowances, which end two days later, and what was asked."""
    ends = re.compile("/ allowance#|bucket erasures/")
    return [each for each in places(shop, partners(shop)) if not ends.search(each)]


def test_an_erased_recipient_is_named_nowhere_and_mailed_nothing(shop: Shop) -> None:
    get_reports(shop)
    before, reports = figures(shop), hold_reports(shop)
    met = {each.split()[0] for each in left_of_partner(shop)}
    assert met == {"bucket", "merchants", "reports"}
    owners = len(places(shop, re.compile(OWNER)))
    mail = next(each for each in shop.cloud.outbox.mails if each.to == PARTNER)
    page, sent = Recipient(shop, PARTNER), len(shop.cloud.outbox.mails)
    told = exported(shop, {"recipient": PARTNER})
    assert (told["on_the_list_as"], len(told["mails"])) == ("owner", 3)
    assert len(told["acts"]) == 3

    erase(shop, recipient=PARTNER.lower())

    assert left_of_partner(shop) == []
    assert len(places(shop, re.compile(OWNER))) == owners
    assert figures(shop) == before
    assert len(hold_reports(shop)) == len(reports)
    for fate in ("bounce", "complaint"):
        shop.ask("POST", f"/_local/outbox/{mail.number}/{fate}")
    drain(shop)
    assert page.first().status == 404
    assert shop.run("schedule_reports") == []
    assert left_of_partner(shop) == []
    assert len(shop.cloud.outbox.mails) == sent

    erase(shop, recipient=OWNER)
    assert shop.read("/v1/recipients")["items"] == [], "be they the last whose links act"


@pytest.mark.slow
def test_a_recipients_erasure_that_dies_after_every_write_comes_to_its_end(shop: Shop) -> None:
    get_reports(shop)
    before = figures(shop)

    assert done_over_and_over(lambda: erase(shop, recipient=PARTNER)) > 3

    assert left_of_partner(shop) == []
    assert figures(shop) == before
    assert hold_reports(shop)
