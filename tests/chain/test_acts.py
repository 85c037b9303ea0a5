"""Acts on the report page, as a recipient presses them; and as nobody else can."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from sharetrail.attribution import attribute_order, credits
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report.keeping import page_links
from sharetrail.report.page.acts import act_on_report, act_pages, acts
from sharetrail.sharing import influencers
from sharetrail.web.http import Request
from tests.chain.test_fraud import HOME
from tests.recipients import OWNER, Form, Recipient, a_doubted_order, forms, seen_of, text
from tests.shops import Shop

DAY = timedelta(days=1)
ANAS = "Order #1001, Ana’s $48.00 (the buyer’s e-mail is theirs)"
"""How the doubted order is called."""


def dies_before(_real: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is ended before this call is done."""

    def call(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("the test says no")

    return call


def dies_after(real: Callable[..., Any]) -> Callable[..., Any]:
    """… once it is, and before it goes on."""

    def call(*args: Any, **named: Any) -> Any:
        real(*args, **named)
        raise RuntimeError("the test says no")

    return call


@pytest.fixture
def owner(shop: Shop) -> Recipient:
    return Recipient(shop)


def verdict(shop: Shop, order: str = "1001") -> str | None:
    (held,) = shop.order(order)["decisions"]
    return held["word"]


# ── a held order ─────────────────────────────────────────────────────────────────────────────────
def test_a_held_order_is_released_by_one_press_that_says_what_follows(
    shop: Shop, owner: Recipient
) -> None:
    held = a_doubted_order(shop)
    page = owner.look("acts/decide", **held)
    release, reject = forms(page)
    assert [release.button, reject.button] == ["Release it", "Reject it"]
    assert "The order's e-mail address is Ana's own." in text(page)
    assert "The $48.00 that it credits to Ana will be earned, and waits for nothing." in text(page)
    assert verdict(shop) is None, "looking changes nothing"

    assert f"{ANAS}: released" in text(owner.press(release))

    assert verdict(shop) == "released"
    assert shop.order("1001")["credits"]["last"][0]["marks"] == []


def test_a_rejected_order_may_be_left_undecided_again(shop: Shop, owner: Recipient) -> None:
    held = a_doubted_order(shop)
    owner.act("decide", **held, value="upheld")
    assert verdict(shop) == "upheld"

    assert f"{ANAS}: not decided" in text(owner.undo())

    assert verdict(shop) is None
    assert shop.order("1001")["credits"]["last"][0]["marks"] == ["doubt:self_email"]


def test_an_order_that_credits_more_than_one_says_whose_part_is_released(
    shop: Shop, owner: Recipient
) -> None:
    person = {"id": "ana", "name": "Ana", "email": "buyer1001@example.com"}
    anas = shop.click(shop.share(influencer=person).json["code"])
    bens = shop.click(shop.share("ben").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
    shop.buy("1001", "48.00", f"{anas},{bens}")
    shop.cloud.drain()
    page = owner.look("acts/decide", order="shopify#1001", decision="self_email:ana")
    assert "The $24.00 that it credits to Ana will be earned" in text(page)


def a_twice_held_order(shop: Shop) -> tuple[dict[str, str], dict[str, str]]:
    """Half of it Ana's, in doubt, and half of it Ben's; and all of it waits, since its buyer had
    ordered before. How the pages of both decisions are asked for: the doubt's, and the wait's."""
    again: Any = {"email": "again@example.com", **HOME}
    shop.buy("1001", "10.00", "none", **again)
    person = {"id": "ana", "name": "Ana", "email": "again@example.com"}
    trail = [shop.click(shop.share(influencer=each).json["code"]) for each in (person, {"id": "b"})]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
    shop.buy("1002", "96.00", ",".join(trail), visit=trail[-1], **again)
    assert shop.cloud.drain()["failed"] == []
    about = {"order": "shopify#1002"}
    return about | {"decision": "self_email:ana"}, about | {"decision": "repeat_buyer"}


def test_of_an_order_that_is_held_twice_each_word_says_what_it_leaves(
    shop: Shop, owner: Recipient
) -> None:
    doubt, wait = a_twice_held_order(shop)
    page = text(owner.look("acts/decide", **wait))
    assert "The buyer had ordered before, once since" in page, "as the order's page has it"
    assert "The $48.00 that it credits to Ana still waits for another word of yours." in page
    assert "The $48.00 that it credits to b will be earned, and waits for nothing." in page
    page = text(owner.look("acts/decide", **doubt))
    assert "The $48.00 that it credits to Ana still waits until" in page
    assert "waits for nothing" not in page
    assert "The credit counts in the score." not in page

    owner.act("decide", **doubt, value="upheld")
    assert owner.list()[0] == "Order #1002, Ana’s $48.00 (the buyer’s e-mail is theirs): rejected"
    for path in ("held", "orders/shopify/1002"):
        assert "$48.00 of it waits for its date." in text(owner.look(path)), path
    held = text(owner.look("held"))
    assert "$48.00 of b ’s waits until" in held
    assert "$96.00 of" not in held
    assert "Ana" not in held
    page = text(owner.look("acts/decide", **wait, value="released"))
    assert "The $48.00 that it credits to Ana stays rejected." in page

    owner.act("decide", **wait, value="released")
    assert owner.list()[0] == "Order #1002, $96.00 (the buyer had ordered before): released"
    assert "Nothing waits for you." in text(owner.look("held"))


# ── an influencer ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "title"),
    [("name", "Name Ana"), ("tag", "Tag Ana"), ("code", "Give Ana a coupon code")],
)
def test_a_page_where_something_is_written_says_about_whom(
    shop: Shop, owner: Recipient, kind: str, title: str
) -> None:
    shop.share("ana")
    html = owner.look(f"acts/{kind}", influencer="ana").body.decode()
    assert f'<h1 class="head">{title}</h1>' in html
    crumb = re.escape(f"{owner.base}/people/ana")
    assert re.search(rf'<li><a href="{crumb}[^"]*"><bdi dir="auto">Ana</bdi></a></li>', html)


def test_a_code_s_page_leads_back_to_whose_it_is(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    html = owner.look("acts/code", code="ANA10", value="ana").body.decode()
    assert re.search(r'/people/ana[^"]*"><bdi dir="auto">Ana</bdi></a></li>', html)


def test_an_influencer_is_named_and_has_the_old_name_again(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    writing = owner.look("acts/name", influencer="ana").body.decode()
    assert 'name="value" value="Ana"' in writing
    assert 'method="get"' in writing
    owner.act("name", influencer="ana", value="Ana Bell")
    assert shop.read("/v1/influencers/ana")["name"] == "Ana Bell"

    owner.undo()

    assert shop.read("/v1/influencers/ana")["name"] == "Ana"


def test_an_influencer_is_tagged_anew_and_has_the_old_tags_again(
    shop: Shop, owner: Recipient
) -> None:
    def tags() -> list[str]:
        return shop.read("/v1/influencers/ana")["tags"]

    shop.share("ana")
    owner.act("tag", influencer="ana", value=" vip, Lisbon,,vip ")
    assert tags() == ["vip", "Lisbon"]
    owner.act("tag", influencer="ana", value="old")
    owner.undo()
    assert tags() == ["vip", "Lisbon"]
    (emptied,) = re.findall(r'<form method="get".*?</form>', page_of_tags(owner), re.DOTALL)
    assert "required" not in emptied
    assert 'value="vip, Lisbon"' in emptied
    fields = dict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', emptied))
    assert "Now: vip and Lisbon. Then: none." in text(owner.look("acts/tag", **fields, value=""))
    owner.act("tag", **fields, value="")
    assert tags() == []
    assert owner.list()[0] == "Tags of Ana: none"
    owner.undo()
    assert tags() == ["vip", "Lisbon"]


def page_of_tags(owner: Recipient) -> str:
    return owner.look("acts/tag", influencer="ana").body.decode()


def of_browsers(text: str) -> str:
    """As a form sends what a page has."""
    return text.replace("\n", "\r\n").replace("\0", "\ufffd")


@pytest.mark.parametrize("tags", [[" vip"], ["a ", "a"], ["(none)"], ["a\u00a0"], ["a\nb", "c,d"]])
def test_tags_that_were_stored_by_no_rule_are_changed_like_others(
    shop: Shop, owner: Recipient, tags: list[str]
) -> None:
    shop.share("ana")
    key = {"pk": shop.id, "sk": "ana"}
    INFLUENCERS.update(key, "SET tags = :tags", tags=tags)  # type: ignore[arg-type]
    (form,) = forms(owner.look("acts/tag", influencer="ana", value="new"))
    sent = {name: of_browsers(value) for name, value in form.fields.items()}
    assert owner.post(form.action, sent).status == 200
    assert shop.read("/v1/influencers/ana")["tags"] == ["new"]


@pytest.mark.parametrize("name", ["a\nb", "a\0b", " a ", "\u202ea"])
def test_a_name_that_was_stored_by_no_rule_is_changed_like_others(
    shop: Shop, owner: Recipient, name: str
) -> None:
    shop.share("ana")
    INFLUENCERS.update({"pk": shop.id, "sk": "ana"}, "SET #name = :name", names=["name"], name=name)
    (form,) = forms(owner.look("acts/name", influencer="ana", value=" Zoe \r\n Z "))
    sent = {name: of_browsers(value) for name, value in form.fields.items()}
    assert owner.post(form.action, sent).status == 200
    assert shop.read("/v1/influencers/ana")["name"] == "Zoe Z"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("name", " "), ("name", "x" * 101), ("tag", "x" * 41), ("tag", ",".join("abcdefghijk"))],
)
def test_what_is_no_name_and_no_tag_is_not_offered(
    shop: Shop, owner: Recipient, kind: str, value: str
) -> None:
    shop.share("ana")
    answer = owner.look(f"acts/{kind}", influencer="ana", value=value)
    assert (answer.status, forms(answer)) == (400, [])


# ── a coupon code ────────────────────────────────────────────────────────────────────────────────
def owners(shop: Shop) -> list[tuple[str, str | None]]:
    return [(each["code"], each["influencer"]) for each in shop.read("/v1/codes")["items"]]


def test_a_code_is_given_and_is_whoevers_it_was_before_again(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    shop.share("ben")
    assert 'name="code"' in owner.look("acts/code", influencer="ana").body.decode()
    page = owner.look("acts/code", code="spring", value="ana")
    assert "Now it is nobody's. From now on it is Ana's." in text(page)
    assert "counts for Ana where no share click led to it" in text(page)
    owner.press(forms(page)[0])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    assert "Now it is Ana's." in text(owner.look("acts/code", code="SPRING", value="ben"))
    owner.act("code", code="SPRING", value="ben")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))

    owner.undo()

    assert owners(shop) == [("SPRING", "ana"), ("SPRING", "ben"), ("SPRING", "ana")]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    owner.act("code", code="SPRING", value="(nobody)")
    assert owners(shop)[-1] == ("SPRING", None)


# ── a link ───────────────────────────────────────────────────────────────────────────────────────
def test_a_link_is_switched_off_and_on_again(shop: Shop, owner: Recipient) -> None:
    code = shop.share("ana").json["code"]
    page = owner.look("acts/link", code=code)
    assert "It is Ana's, on WhatsApp, to /products/mug." in text(page)
    owner.press(forms(page)[0])
    assert shop.read(f"/v1/links/{code}")["disabled"]

    owner.undo()

    assert not shop.read(f"/v1/links/{code}")["disabled"]


# ── one's own mail ───────────────────────────────────────────────────────────────────────────────
def test_a_recipient_chooses_what_to_get_and_has_the_choice_before_again(
    shop: Shop, owner: Recipient
) -> None:
    def chosen() -> set[str]:
        return {*re.findall(r'name="(\w+)" checked', owner.look("choices").body.decode())}

    assert chosen() == {"weekly"}
    (form,) = forms(owner.look("choices"))
    assert "gets the report every day and every month" in text(
        owner.press(form, choose="1", daily="on", monthly="on")
    )
    assert chosen() == {"daily", "monthly"}
    owner.undo()
    assert chosen() == {"weekly"}
    (form,) = forms(owner.look("choices"))
    owner.press(form, choose="1")
    assert chosen() == set()
    owner.undo()
    assert chosen() == {"weekly"}


def test_a_choice_is_undone_by_its_own_recipient_alone(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, "partner@shop.example"])
    owner, partner = Recipient(shop), Recipient(shop, "partner@shop.example")
    owner.act("choices", value="daily")
    listed = partner.look("acts")
    assert "owner@shop.example gets the report every day" in text(listed)
    assert b">Undo<span" not in listed.body
    assert b">Undo<span" in owner.look("acts").body


def test_who_ends_their_links_ends_them_all_and_nobody_elses(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER, "partner@shop.example"])
    older, partner = Recipient(shop), Recipient(shop, "partner@shop.example")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + DAY)
    newer = Recipient(shop)

    assert "All links of owner@shop.example were ended" in text(newer.act("void"))

    assert [each.look("acts").status for each in (older, newer, partner)] == [404, 404, 200]
    (listed,) = re.findall("All links of [^<]*", partner.look("acts").body.decode())
    assert "owner@shop.example" in listed
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
    assert Recipient(shop).look("acts").status == 200


# ── the way there ────────────────────────────────────────────────────────────────────────────────
def test_each_page_of_the_report_leads_to_what_may_be_done_about_what_it_shows(
    shop: Shop, owner: Recipient
) -> None:
    a_doubted_order(shop)
    code = shop.share("ana").json["code"]
    owner.act("code", code="SPRING", value="ana")
    led: dict[str, int] = {}
    for path in ("held", "orders/shopify/1001", "people/ana", f"links/{code}", "choices"):
        page = owner.look(path)
        assert page.status == 200, path
        for address in re.findall(r'href="([^"]*/acts/[^"]*)"', page.body.decode()):
            answer = shop.ask("GET", unescape(address))
            assert answer.status == 200, address
            kind = address.partition("/acts/")[2].partition("?")[0]
            led[kind] = led.get(kind, 0) + 1
    assert led == {"decide": 2, "name": 1, "tag": 1, "code": 2, "cost": 1, "link": 1, "void": 1}


# ── the list ─────────────────────────────────────────────────────────────────────────────────────
def test_what_was_done_is_listed_newest_first_with_who_and_what_stood_before(
    shop: Shop, owner: Recipient
) -> None:
    shop.share("ana")
    for name in ("Ana B", "Ana C"):
        owner.act("name", influencer="ana", value=name)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    owner.act("tag", influencer="ana", value="vip")
    assert owner.list() == [
        "Tags of Ana C: vip",
        "Ana B is now called Ana C",
        "Ana is now called Ana B",
    ]
    assert "Tags of Ana C: vip Before: none." in text(owner.look("acts"))
    assert text(owner.look("acts")).count(OWNER) == 3


def undos(recipient: Recipient) -> int:
    return recipient.look("acts").body.decode().count(">Undo<span")


def test_what_is_undone_already_offers_to_be_undone_no_more(shop: Shop, owner: Recipient) -> None:
    shop.share("ana")
    owner.act("name", influencer="ana", value="Ana B")
    owner.act("tag", influencer="ana", value="vip")
    assert undos(owner) == 2
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    owner.act("name", influencer="ana", value="Ana")
    assert owner.list()[0] == "Ana B is now called Ana"
    assert undos(owner) == 2, "the tag, and of the two names the newer"


def test_what_was_changed_elsewhere_since_is_not_offered_to_be_undone(
    shop: Shop, owner: Recipient
) -> None:
    shop.share("ana")
    owner.act("name", influencer="ana", value="Ana B")
    influencers.rename(shop.id, "ana", "Ana B", "Ana C")
    assert undos(owner) == 0


def test_a_choice_that_changes_nothing_offers_no_undo_that_leads_nowhere(
    shop: Shop, owner: Recipient
) -> None:
    owner.act("choices", value="nothing")
    at = shop.cloud.clock.now()
    complaint = Suppression(merchant=shop.id, recipient=OWNER, why="complained", at=at)
    suppressions.keep(complaint)
    shop.cloud.clock.set_forward(at + timedelta(minutes=1))
    (form,) = forms(owner.look("choices"))
    told = owner.press(form, choose="1")
    assert "gets no reports" in text(told)
    for address in re.findall(r'href="([^"]*)">Undo', told.body.decode()):
        assert forms(shop.ask("GET", unescape(address)))
    assert b"Undo</a>" not in told.body


def test_the_list_is_read_page_by_page(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_pages, "ON_A_PAGE", 2)
    shop.share("ana")
    for n in range(5):
        owner.act("name", influencer="ana", value=f"Ana {n}")
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
    seen, address = [], f"{owner.base}/acts"
    while address:
        answer = shop.ask("GET", address).body.decode()
        seen += re.findall(r"is now called (Ana \d)</bdi>", answer)
        address = unescape("".join(re.findall(r'href="([^"]*)">Older', answer)))
    assert seen == [f"Ana {n}" for n in (4, 3, 2, 1, 0)]


def test_an_older_page_offers_no_undo_of_what_was_changed_since_on_a_newer_one(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_pages, "ON_A_PAGE", 2)
    shop.share("ana")
    owner.act("tag", influencer="ana", value="vip")
    for name in ("Ana A", "Ana B", "Ana A"):
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
        owner.act("name", influencer="ana", value=name)
    first = owner.look("acts").body.decode()
    (older,) = re.findall(r'href="([^"]*)">Older', first)

    def undone_there() -> list[str]:
        page = shop.ask("GET", unescape(older)).body.decode()
        return re.findall(r">Undo<span[^>]*>: ([^<]*)<", page)

    assert first.count(">Undo<span") == 1
    assert undone_there() == ["Tags of Ana: vip"], "though it is called what the third made of it"
    monkeypatch.setattr(act_pages, "_LOOKED_AT", 1)
    assert undone_there() == [], "it is not known what was done since"


# ── as nobody else can ───────────────────────────────────────────────────────────────────────────
def names(shop: Shop) -> list[str]:
    return [shop.read(f"/v1/influencers/{each}")["name"] for each in ("ana", "ben")]


@pytest.fixture
def naming(shop: Shop, owner: Recipient) -> Form:
    """A form that would call Ana something else."""
    for each in ("ana", "ben"):
        shop.share(each)
    (form,) = forms(owner.look("acts/name", influencer="ana", value="Anna"))
    return form


def test_no_look_does_anything_however_often_and_by_whatever_method(
    shop: Shop, owner: Recipient, naming: Form
) -> None:
    proof = urlencode(naming.fields)
    for method in ("GET", "HEAD", "GET"):
        shop.ask(method, f"{naming.action}&{proof}")
    assert names(shop) == ["Ana", "Ben"]
    assert owner.list() == []


@pytest.mark.parametrize("kind", ["tag", "name", "code"])
def test_a_proof_is_good_for_no_other_act_person_or_value(
    shop: Shop, owner: Recipient, naming: Form, kind: str
) -> None:
    base = naming.action.partition("?")[0].removesuffix("name") + kind
    for query in (
        {"influencer": "ben", "value": "Anna"},
        {"influencer": "ana", "value": "Other"},
        {"code": "SPRING", "value": "ana"},
    ):
        seen = {"seen": seen_of("Ben")} if query.get("influencer") == "ben" else {}
        answer = owner.post(f"{base}?{urlencode(query)}", {**naming.fields, **seen})
        assert answer.status in (400, 403), answer.body
    assert names(shop) == ["Ana", "Ben"]
    assert shop.read("/v1/codes")["items"] == []


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "x",
        "0000000000000." + "0" * 40,
        "9999999999999." + "a" * 40,
        "1796000000000." + "é" * 40,
        "x" * 3_000,
    ],
)
def test_what_is_no_proof_does_nothing(
    shop: Shop, owner: Recipient, naming: Form, proof: str
) -> None:
    assert owner.post(naming.action, {**naming.fields, "proof": proof}).status == 403
    assert names(shop) == ["Ana", "Ben"]


def test_a_proof_is_good_for_half_an_hour(shop: Shop, owner: Recipient, naming: Form) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=30))
    answer = owner.press(naming)
    assert (answer.status, names(shop)) == (403, ["Ana", "Ben"])
    assert "press again" in answer.body.decode()


def test_a_proof_of_another_recipient_or_another_shop_is_none(
    shop: Shop, owner: Recipient, naming: Form
) -> None:
    shop.onboarded(recipients=[OWNER, "partner@shop.example"])
    partner = Recipient(shop, "partner@shop.example")
    theirs = naming.action.replace(owner.base, partner.base)
    assert owner.post(theirs, naming.fields).status == 403

    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain="o.myshopify.com")
    other.share("ana", url="https://other.example/products/mug")
    others = naming.action.replace(owner.base, Recipient(other).base)
    assert owner.post(others, naming.fields).status == 403
    assert names(shop) == ["Ana", "Ben"]
    assert other.read("/v1/influencers/ana")["name"] == "Ana"


def test_of_another_shop_nothing_is_seen_and_nothing_done(shop: Shop, owner: Recipient) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain="o.myshopify.com")
    code = other.share("zoe", url="https://other.example/products/mug").json["code"]
    for kind, query in (
        ("link", {"code": code}),
        ("name", {"influencer": "zoe"}),
        ("code", {"code": "X", "value": "zoe"}),
        ("decide", {"order": f"shopify#{code}", "decision": "self_email:zoe"}),
        ("decide", {"order": f"{other.id}#shopify#1", "decision": "x"}),
        ("erase", {}),
    ):
        answer = owner.look(f"acts/{kind}", **query)
        assert answer.status == 404
        assert "Zoe" not in answer.body.decode()


def test_who_is_no_recipient_any_more_acts_on_nothing(
    shop: Shop, owner: Recipient, naming: Form
) -> None:
    shop.onboarded(recipients=["partner@shop.example"])
    assert owner.press(naming).status == 404
    assert names(shop) == ["Ana", "Ben"]


def test_a_link_of_more_than_a_week_ago_reads_and_offers_a_new_one(
    shop: Shop, owner: Recipient, naming: Form
) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + page_links.ACTS_FOR)
    for answer in (owner.look("acts/name", influencer="ana"), owner.post(naming.action, {})):
        assert answer.status == 403
        (form,) = forms(answer)
        assert form.action == f"{owner.base}/new-link"
    assert owner.look("acts").status == 200


@pytest.mark.parametrize("body", [b"\xff", b"a=1&" * 50, b"proof=" + b"x" * 5_000, b"{}", b""])
def test_what_is_no_form_of_ours_does_nothing(
    shop: Shop, owner: Recipient, naming: Form, body: bytes
) -> None:
    answer = shop.ask("POST", naming.action, body)
    assert answer.status in (400, 403)
    assert names(shop) == ["Ana", "Ben"]


# ── twice, at once, cut short ────────────────────────────────────────────────────────────────────
def test_a_press_that_comes_twice_acts_once(shop: Shop, owner: Recipient, naming: Form) -> None:
    assert "Ana is now called Anna" in text(owner.press(naming))
    assert "Ana is now called Anna" in text(owner.press(naming))
    owner.undo()
    late = owner.press(naming)
    assert (late.status, names(shop)) == (409, ["Ana", "Ben"])
    assert owner.list() == ["Anna is now called Ana", "Ana is now called Anna"]


def test_a_press_about_what_was_changed_meanwhile_changes_nothing(
    shop: Shop, owner: Recipient
) -> None:
    held = a_doubted_order(shop)
    release, reject = forms(owner.look("acts/decide", **held))
    owner.press(reject)
    answer = owner.press(release)
    assert (answer.status, verdict(shop)) == (409, "upheld")
    assert "Something else stands by now: rejected" in text(answer)


def test_an_order_that_nothing_holds_any_more_is_not_decided(shop: Shop, owner: Recipient) -> None:
    held = a_doubted_order(shop)
    release, _ = forms(owner.look("acts/decide", **held))
    shop.deliver("orders/updated", shop.an_order("1001", "48.00", None, test=True))
    shop.cloud.drain()
    assert owner.press(release).status in (200, 404)


@pytest.mark.parametrize("lost", ["find", "begin", "note_done"])
def test_an_act_that_is_cut_short_is_neither_lost_nor_doubled(
    shop: Shop, owner: Recipient, naming: Form, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    real = getattr(acts, lost)
    for each in (dies_before(real), dies_after(real)):
        with monkeypatch.context() as broken:
            broken.setattr(acts, lost, each)
            assert owner.post(naming.action, naming.fields).status == 500
    assert "Ana is now called Anna" in text(owner.press(naming))
    assert names(shop) == ["Anna", "Ben"]
    assert owner.list() == ["Ana is now called Anna"]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_deed_that_is_cut_short_is_in_the_list_and_done_by_the_next_press(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    held = a_doubted_order(shop)
    release, _ = forms(owner.look("acts/decide", **held))
    real = attribute_order.decide
    with monkeypatch.context() as broken:
        broken.setattr(
            attribute_order, "decide", dies_before(real) if dies == "before" else dies_after(real)
        )
        assert owner.post(release.action, release.fields).status == 500
    listed = owner.look("acts").body.decode()
    (again,) = re.findall(r'href="([^"]*)">cut short: look at it again', listed)
    assert shop.ask("GET", unescape(again)).status == 200

    assert f"{ANAS}: released" in text(owner.press(release))

    assert verdict(shop) == "released"
    assert "cut short" not in text(owner.look("acts"))
    ref = OrderRef(merchant=shop.id, platform="shopify", id="1001")
    words = [row for row in order_facts.rows(ref) if row["sk"].startswith("decided#")]
    assert len(words) == 1


def test_what_changes_between_the_look_and_the_write_is_not_written_over(
    shop: Shop, owner: Recipient, naming: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = acts.begin

    def begin(*args: Any) -> Any:
        influencers.rename(shop.id, "ana", "Ana", "Annika")
        return real(*args)

    with monkeypatch.context() as others:
        others.setattr(acts, "begin", begin)
        assert owner.post(naming.action, naming.fields).status == 409
    assert owner.post(naming.action, naming.fields).status == 409
    assert names(shop) == ["Annika", "Ben"]
    listed = owner.look("acts")
    assert "not done: something else stood by then" in text(listed)
    assert b">Undo<span" not in listed.body


def test_a_deed_that_was_cut_short_does_not_take_back_what_was_decided_since(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = a_doubted_order(shop)
    release, reject = forms(owner.look("acts/decide", **held))
    with monkeypatch.context() as broken:
        broken.setattr(attribute_order, "decide", dies_before(attribute_order.decide))
        assert owner.post(release.action, release.fields).status == 500
    owner.press(reject)
    assert owner.press(release).status == 409
    assert verdict(shop) == "upheld"


def test_of_two_who_press_at_once_one_alone_is_told_that_it_is_done_and_that_stands(
    shop: Shop,
) -> None:
    shop.onboarded(recipients=[OWNER, "partner@shop.example"])
    held = a_doubted_order(shop)
    both = [Recipient(shop), Recipient(shop, "partner@shop.example")]
    pressed = [forms(each.look("acts/decide", **held))[n] for n, each in enumerate(both)]
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(who.post, form.action, form.fields)
            for who, form in zip(both, pressed, strict=True)
        ]
        answers = [each.result() for each in waiting]
    shop.cloud.drain()
    done = {"released": 200, "upheld": 409} if answers[0].status == 200 else {"upheld": 200}
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert done[str(verdict(shop))] == 200


@pytest.fixture
def partner(shop: Shop) -> Recipient:
    shop.onboarded(recipients=[OWNER, "partner@shop.example"])
    return Recipient(shop, "partner@shop.example")


def pressed_within(shop: Shop, form: Form) -> int:
    """The answer to a press while another one is being answered."""
    path, _, query = form.action.partition("?")
    token, _, page = path.removeprefix("/reports/").partition("/")
    request = Request(
        method="POST",
        headers={},
        path={"token": token, "page": page},
        query=query,
        body=urlencode(form.fields).encode(),
        ip="203.0.113.7",
        now=shop.cloud.clock.now(),
    )
    return int(act_on_report.respond(request)["statusCode"])


@pytest.fixture
def beaten(owner: Recipient, monkeypatch: pytest.MonkeyPatch) -> Callable[[Form, Form], list[int]]:
    """The answers to a press, and to a rival's that comes between its look and its write."""
    real = acts.begin

    def press(form: Form, rival: Form) -> list[int]:
        rivals: list[int] = []

        def begin(*args: Any) -> Any:
            monkeypatch.setattr(acts, "begin", real)
            rivals.append(pressed_within(owner.shop, rival))
            return real(*args)

        monkeypatch.setattr(acts, "begin", begin)
        return [owner.post(form.action, form.fields).status, *rivals]

    return press


def test_an_order_that_a_rival_decides_meanwhile_is_not_decided_again(
    shop: Shop, owner: Recipient, partner: Recipient, beaten: Callable[[Form, Form], list[int]]
) -> None:
    held = a_doubted_order(shop)
    release, _ = forms(owner.look("acts/decide", **held))
    _, reject = forms(partner.look("acts/decide", **held))
    assert beaten(release, reject) == [409, 200]
    shop.cloud.drain()
    assert verdict(shop) == "upheld"
    listed = text(owner.look("acts"))
    assert listed.count("not done: something else stood by then") == 1
    assert owner.press(release).status == 409


def test_two_who_decide_alike_at_once_are_both_told_that_it_is_so(
    shop: Shop, owner: Recipient, partner: Recipient, beaten: Callable[[Form, Form], list[int]]
) -> None:
    held = a_doubted_order(shop)
    mine, theirs = (forms(each.look("acts/decide", **held))[0] for each in (owner, partner))
    assert beaten(mine, theirs) == [200, 200]
    shop.cloud.drain()
    assert verdict(shop) == "released"


def test_a_code_that_a_rival_gives_meanwhile_is_not_given_again(
    shop: Shop, owner: Recipient, partner: Recipient, beaten: Callable[[Form, Form], list[int]]
) -> None:
    for each in ("ana", "ben"):
        shop.share(each)
    (to_ana,) = forms(owner.look("acts/code", code="S", value="ana"))
    (to_ben,) = forms(partner.look("acts/code", code="S", value="ben"))
    assert beaten(to_ana, to_ben) == [409, 200]
    assert owners(shop) == [("S", "ben")]
    assert owner.press(to_ana).status == 409
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    assert "Now it is Ben's." in text(owner.look("acts/code", code="S", value="ana"))
    assert owner.act("code", code="S", value="ana").status == 200
    assert owners(shop) == [("S", "ben"), ("S", "ana")]


@pytest.mark.parametrize("kind", ["decide", "code", "link", "choices"])
def test_one_press_that_is_sent_twice_at_once_is_done_once_and_told_so_twice(
    shop: Shop, owner: Recipient, beaten: Callable[[Form, Form], list[int]], kind: str
) -> None:
    about = {
        "decide": a_doubted_order(shop),
        "code": {"code": "S", "value": "ana"},
        "link": {"code": shop.share("ana").json["code"]},
        "choices": {"value": "daily"},
    }[kind]
    form = forms(owner.look(f"acts/{kind}", **about))[0]
    assert beaten(form, form) == [200, 200]
    assert len(owner.list()) == 1
    assert "not done" not in text(owner.look("acts"))


def test_two_words_on_a_decision_in_one_millisecond_are_both_kept_and_the_second_stands(
    shop: Shop,
) -> None:
    a_doubted_order(shop)
    ref, now = OrderRef(merchant=shop.id, platform="shopify", id="1001"), shop.cloud.clock.now()
    for word in ("released", "upheld"):
        rows = order_facts.rows(ref)
        (decision,) = credits.find_in(rows).decisions  # type: ignore[union-attr]
        assert attribute_order.decide(ref, rows, decision, word, now)  # type: ignore[arg-type]
    shop.cloud.drain()
    assert verdict(shop) == "upheld"


def test_a_second_choice_from_the_page_of_the_first_is_refused_and_not_called_done(
    shop: Shop, owner: Recipient
) -> None:
    (form,) = forms(owner.look("choices"))
    assert owner.press(form, choose="1", daily="on").status == 200
    assert owner.press(form, choose="1", daily="on").status == 200
    second = owner.press(form, choose="1", monthly="on")
    assert (second.status, owner.list()) == (
        409,
        ["owner@shop.example gets the report every day"],
    )
    assert "Something else stands by now: every day" in text(second)
    (again,) = forms(owner.look("choices"))
    assert "every month" in text(owner.press(again, choose="1", monthly="on"))


def test_who_uses_up_a_day_s_acts_keeps_the_recipient_from_neither_choosing_nor_ending_it(
    shop: Shop, owner: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_on_report, "_OF_A_DAY", 1)
    shop.share("ana")
    assert owner.act("name", influencer="ana", value="Anna").status == 200
    assert owner.act("tag", influencer="ana", value="vip").status == 429
    (form,) = forms(owner.look("choices"))
    assert "gets no reports" in text(owner.press(form, choose="1"))
    assert "All links of owner@shop.example were ended" in text(owner.act("void"))


def test_one_recipient_acts_two_hundred_times_a_day_and_keeps_no_other_from_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_on_report, "_OF_A_DAY", 2)
    shop.onboarded(recipients=[OWNER, "partner@shop.example"])
    shop.share("ana")
    owner, partner = Recipient(shop), Recipient(shop, "partner@shop.example")
    statuses = []
    for n in range(3):
        statuses.append(owner.act("name", influencer="ana", value=f"Ana {n}").status)
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=1))
    assert statuses == [200, 200, 429]
    assert partner.act("name", influencer="ana", value="Anna").status == 200


ODD = (
    "",
    "%20",
    "%00",
    "x" * 3_000,
    "%ED%A0%80",
    "%F0%9F%92%A9",
    "%23",
    "%23%23a",
    "a%0Ab",
    "(nobody)",
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_is_refused_or_asks_and_never_breaks(
    shop: Shop, owner: Recipient, odd: str
) -> None:
    """Each parameter of each act by itself, the others as they should be."""
    shop.share("ana")
    code = shop.share("ana").json["code"]
    whole = {
        "decide": {"order": "shopify%231", "decision": "a:b", "value": "released"},
        "name": {"influencer": "ana", "value": "Anna"},
        "tag": {"influencer": "ana", "value": "vip"},
        "code": {"code": "X", "value": "ana", "influencer": "ana"},
        "link": {"code": code, "value": "off"},
        "choices": {"value": "daily"},
        "void": {"value": "x"},
        odd: {},
    }
    for kind, parameters in whole.items():
        for name in (*parameters, None):
            told = parameters | ({name: odd} if name else {})
            for asked in (told, {each: told[each] for each in told if each != name}):
                query = "&".join(f"{each}={value}" for each, value in asked.items())
                for method in ("GET", "POST"):
                    answer = shop.ask(method, f"{owner.base}/acts/{kind or 'x'}?{query}")
                    assert answer.status < 500, (kind, asked)
                    assert answer.status < 400 or "html" in answer.headers["content-type"]


# ── names of strangers ───────────────────────────────────────────────────────────────────────────
HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "{{ 7 * 191 }}",
    "a\r\nSet-Cookie: x=1",
    "\u202egpj.exe",
    "x" * 90,
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_name_from_outside_is_inert_on_every_page_of_an_act(
    shop: Shop, owner: Recipient, hostile: str
) -> None:
    shop.share(influencer={"id": "ana", "name": hostile})
    code = shop.share(influencer={"id": "ana"}, label=hostile.replace("\r\n", " ")).json["code"]
    answers = [
        owner.look("acts/name", influencer="ana"),
        owner.look("acts/link", code=code),
        owner.look("acts/code", code="X", value="ana"),
        owner.look("acts/tag", influencer="ana", value="vip"),
        owner.act("tag", influencer="ana", value="vip"),
        owner.act("name", influencer="ana", value="Ana"),
        owner.look("acts"),
    ]
    for answer in answers:
        assert answer.status == 200
        body = answer.body.decode()
        assert "<script" not in body
        assert 'onmouseover="' not in body
        assert "set-cookie" not in answer.headers
        assert "1337" not in text(answer)
    assert owner.undo().status == 200
    assert shop.read("/v1/influencers/ana")["name"] == hostile.replace("\r\n", " ")


def test_what_an_order_is_held_for_turns_nothing_round_on_any_page(
    shop: Shop, owner: Recipient
) -> None:
    person = {"id": "ben", "name": "\u202eeman", "email": "buyer1001@example.com"}
    trail = shop.click(shop.share(influencer=person).json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
    shop.buy("1001", "48.00", trail)
    shop.cloud.drain()
    owner.act("tag", influencer="ben", value="a\u202eb")
    owner.act("tag", influencer="ben", value="c")
    held = {"order": "shopify#1001", "decision": "self_email:ben"}
    looks = [owner.look("acts/decide", **held), owner.look("held"), owner.look("acts")]
    for answer in (*looks, shop.ask("GET", owner.base)):
        assert answer.status == 200
        assert "\u202e" not in answer.body.decode()
    assert "The order's e-mail address is eman's own." in text(owner.look("acts/decide", **held))
    assert "Before: ab." in text(owner.look("acts"))
