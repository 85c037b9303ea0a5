"""The whole chain over HTTP, without a browser: link, click, order, credit, score, mail."""

from datetime import timedelta

from local.runtime.memories import forget_facts
from sharetrail.attribution.models import MODELS
from sharetrail.aws.tables import EVENTS, LINKS
from tests.shops import BROWSER, PHONE, Shop, monday


def weekly_mail(shop: Shop) -> list:
    """Lets the week end and Monday's schedule run; the mails that left, newest first."""
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("schedule_reports")
    assert shop.cloud.drain()["failed"] == []
    return shop.cloud.outbox.mails


def test_a_shared_link_that_sells_is_credited_and_named_in_mondays_mail(shop: Shop) -> None:
    link = shop.share("ana").json
    trail = shop.click(link["code"])
    assert shop.buy("1001", "48.50", trail, visit=trail).status == 200
    assert shop.cloud.drain()["failed"] == []

    order = shop.order("1001")
    assert order["influence"] == "last_click"
    assert {
        m: lines[0]["credited"]["amount"] for m, lines in order["credits"].items()
    } == dict.fromkeys([model for model in MODELS if model != "markov"], "48.50")
    assert order["credits"]["last"][0]["sentence"].startswith("100 % to Ana: only touch")

    (mail,) = weekly_mail(shop)
    for part in (mail.html, mail.text, mail.attachments[0].text):
        assert "Ana" in part
        assert "48.50" in part


def test_a_second_run_of_the_schedule_sends_nothing_more(shop: Shop) -> None:
    assert len(weekly_mail(shop)) == 1
    for _ in range(2):
        shop.cloud.schedule("schedule_reports")
        shop.cloud.drain()
    assert len(shop.cloud.outbox.mails) == 1


def test_the_schedule_fired_twice_before_the_queue_is_read_sends_one_mail(shop: Shop) -> None:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    shop.cloud.schedule("schedule_reports")
    shop.cloud.schedule("schedule_reports")
    shop.cloud.drain()
    assert len(shop.cloud.outbox.mails) == 1


def test_the_same_webhook_twice_changes_no_number(shop: Shop) -> None:
    trail = shop.click(shop.share().json["code"])
    payload = shop.an_order("1001", "20.00", trail)
    assert shop.deliver("orders/create", payload).json["new"]
    shop.cloud.drain()
    before = shop.order("1001")
    again = shop.deliver("orders/create", payload)
    assert (again.status, again.json["new"]) == (200, False)
    shop.cloud.drain()
    assert shop.order("1001") == before


def test_paying_for_an_order_that_was_placed_moves_no_money(shop: Shop) -> None:
    payload = shop.an_order("1001", "20.00", shop.click(shop.share().json["code"]))
    shop.deliver("orders/create", payload)
    shop.deliver("orders/paid", payload)
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "20.00"
    today = shop.read("/v1/stats")["totals"]
    assert (today["orders"], today["influenced_orders"]) == (1, 1)
    assert today["influenced"]["amount"] == "20.00"


def test_a_click_record_replayed_through_the_stream_changes_no_number(shop: Shop) -> None:
    code = shop.share().json["code"]
    shop.click(code)
    seen: list = []
    invoke = shop.cloud.runtime.invoke

    def watching(folder: str, event: dict) -> dict:
        if folder == "project_events":
            seen.append(event)
        return invoke(folder, event)

    shop.cloud.runtime.invoke = watching
    shop.cloud.drain()
    before = shop.read("/v1/stats?by=link")
    assert before["totals"]["raw_clicks"] == 1
    for event in seen * 3:
        assert invoke("project_events", event) == {"batchItemFailures": []}
    after = shop.read("/v1/stats?by=link")
    assert (after["totals"], after["rows"]) == (before["totals"], before["rows"])


def test_a_partial_refund_moves_credit_and_a_full_one_returns_it_to_zero(shop: Shop) -> None:
    ana, ben = (shop.share(name).json["code"] for name in ("ana", "ben"))
    trail = f"{shop.click(ana)},{shop.click(ben)}"
    shop.buy("1001", "50.01", trail)
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "10.00"))
    shop.cloud.drain()
    assert [c["credited"]["amount"] for c in shop.order("1001")["credits"]["linear"]] == [
        "20.01",
        "20.00",
    ]
    shop.deliver("refunds/create", shop.a_refund("1001", "2", "40.01"))
    shop.cloud.drain()
    assert [c["credited"]["amount"] for c in shop.order("1001")["credits"]["linear"]] == [
        "0.00",
        "0.00",
    ]


def test_an_edit_adds_its_items_and_a_refund_in_it_is_not_taken_twice(shop: Shop) -> None:
    trail = shop.click(shop.share().json["code"])
    payload = shop.an_order("1001", "50.00", trail)
    shop.deliver("orders/create", payload)
    refund = shop.a_refund("1001", "1", "10.00")
    shop.deliver("refunds/create", refund)
    edited = {
        **payload,
        "updated_at": (shop.cloud.clock.now() + timedelta(minutes=1)).isoformat(),
        "current_subtotal_price": "65.00",  # 50 as placed, 25 added, 10 returned
        "refunds": [refund],
    }
    for _ in range(2):
        shop.deliver("orders/updated", edited)
    shop.cloud.drain()
    order = shop.order("1001")
    assert (order["net"]["amount"], order["refunded"]["amount"]) == ("65.00", "10.00")
    assert order["credits"]["last"][0]["credited"]["amount"] == "65.00"


def test_a_chargeback_takes_the_credit_and_a_won_dispute_gives_it_back(shop: Shop) -> None:
    shop.buy("1001", "50.00", shop.click(shop.share().json["code"]))
    dispute = {
        "id": 9,
        "order_id": 1001,
        "type": "chargeback",
        "amount": "50.00",
        "currency": "USD",
        "status": "needs_response",
        "initiated_at": shop.cloud.clock.now().isoformat(),
        "finalized_on": None,
    }
    inquiry = {**dispute, "id": 8, "type": "inquiry"}
    assert shop.deliver("disputes/create", inquiry).json == {
        "order": None,
        "fact": None,
        "new": False,
    }
    shop.deliver("disputes/create", dispute)
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "0.00"
    shop.deliver("disputes/update", {**dispute, "status": "won"})
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "50.00"


def test_a_refund_that_comes_before_its_order_waits_for_it(shop: Shop) -> None:
    assert shop.deliver("refunds/create", shop.a_refund("1001", "1", "10.00")).status == 200
    shop.cloud.drain()
    assert shop.order("1001")["state"] == "untold"
    shop.buy("1001", "50.00")
    shop.cloud.drain()
    assert shop.order("1001")["net"]["amount"] == "40.00"


def test_the_sharers_own_click_is_no_valid_click_and_an_order_still_shows_it(shop: Shop) -> None:
    link = shop.share(key="publishable_key").json
    trail = shop.click(link["code"], agent=BROWSER)
    shop.buy("1001", "50.00", trail, visit=trail)
    shop.cloud.drain()
    told = shop.read("/v1/stats")["totals"]
    assert (told["raw_clicks"], told["clicks"], told["verdicts"]["self"]) == (1, 0, 1)
    (credit,) = shop.order("1001")["credits"]["last"]
    assert credit["credited"]["amount"] == "50.00"
    assert "where the link was made, on the same device or network" in credit["sentence"]


def test_what_a_link_keeps_of_its_maker_tells_neither_them_nor_another_link(shop: Shop) -> None:
    codes = [shop.share(key="publishable_key", label=each).json["code"] for each in "ab"]
    makers = {LINKS.get(code)["maker"] for code in codes}
    shop.click(codes[0], agent=BROWSER)
    (click,) = [item for item in EVENTS.scan() if "c" in item]
    assert click["o"] is True, "it is told that the maker followed it"
    assert len({*makers, click["v"]}) == 3


def test_who_made_a_link_before_the_upgrade_is_told_on_that_day(shop: Shop) -> None:
    code = shop.share(key="publishable_key").json["code"]
    shop.click(code, agent=BROWSER)
    (click,) = [item for item in EVENTS.scan() if "c" in item]
    LINKS.put({**LINKS.get(code), "maker": click["v"]})  # as the previous release has it
    forget_facts()
    shop.click(code, agent=BROWSER)
    shop.cloud.drain()
    assert shop.read("/v1/stats")["totals"]["verdicts"]["self"] == 2


def test_a_program_dressed_as_a_browser_is_no_valid_click(shop: Shop) -> None:
    code = shop.share().json["code"]
    assert shop.follow(code, accept_language="").status == 302, "never blocked on a guess"
    shop.cloud.drain()
    told = shop.read("/v1/stats")["totals"]
    assert (told["raw_clicks"], told["clicks"], told["verdicts"]["suspicious"]) == (1, 0, 1)


def test_a_cancelled_order_earns_nothing(shop: Shop) -> None:
    payload = shop.an_order("1001", "50.00", shop.click(shop.share().json["code"]))
    shop.deliver("orders/create", payload)
    cancelled = {**payload, "cancelled_at": shop.cloud.clock.now().isoformat()}
    shop.deliver("orders/cancelled", cancelled)
    shop.cloud.drain()
    order = shop.order("1001")
    assert (order["net"]["amount"], order["cancelled"]) == ("0.00", True)


def test_a_test_order_is_stored_and_never_counted(shop: Shop) -> None:
    shop.buy("1001", trail=shop.click(shop.share().json["code"]), test=True)
    shop.cloud.drain()
    assert shop.order("1001")["why_no_credit"] == "A test order is stored and never counted."
    assert shop.read("/v1/stats")["totals"]["orders"] == 0


def test_the_mails_sheet_says_where_the_devices_own_links_were_seen(shop: Shop) -> None:
    code = shop.share("ana", network="device").json["code"]
    for n in range(20):
        shop.follow(code, f"{PHONE} [FBAN/FBIOS;FBAV/5{n}.0.0]" if n < 5 else f"{PHONE} {n}")
    assert shop.cloud.drain()["failed"] == []
    mail = weekly_mail(shop)[0]
    (sheet,) = mail.attachments
    assert "facebook 5; unknown 15" in sheet.text


def test_last_weeks_correction_is_a_line_in_the_next_mail(shop: Shop) -> None:
    shop.buy("1001", "50.00", shop.click(shop.share().json["code"]))
    shop.cloud.drain()
    weekly_mail(shop)
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "20.00"))
    shop.cloud.drain()
    mail = weekly_mail(shop)[0]
    assert "$50.00" in mail.text
    assert "$30.00" in mail.text


def test_an_order_that_names_a_click_not_yet_stored_is_credited_once_it_arrives(shop: Shop) -> None:
    from sharetrail.clicks import clicks
    from sharetrail.clicks.visitor import Visitor, new_click

    code = shop.share().json["code"]
    visitor = Visitor(hash="00ff1e55c0ffee99", agent="Mozilla/5.0", referrer="", country=None)
    late = new_click(shop.id, code, visitor, shop.cloud.clock.now())
    shop.buy("1001", "50.00", late.id)
    shop.cloud.drain()
    assert shop.order("1001")["waiting_for"] == [late.id]
    clicks.save(late)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=61))
    assert shop.run("sweep") == []
    assert shop.order("1001")["credits"]["last"][0]["credited"]["amount"] == "50.00"


def test_an_order_without_a_script_is_credited_by_the_page_it_landed_on(shop: Shop) -> None:
    click = shop.click(shop.share().json["code"])
    shop.buy("1001", landing_site=f"/products/mug?st={click}&utm_medium=share")
    shop.cloud.drain()
    order = shop.order("1001")
    assert order["influence"] == "last_click"
    assert order["touches"][0]["evidence"] == "landing"


def test_an_order_that_knows_only_the_link_is_credited_to_it(shop: Shop) -> None:
    code = shop.share().json["code"]
    shop.buy("1001", landing_site=f"/?utm_medium=share&utm_content={code}")
    shop.cloud.drain()
    assert shop.order("1001")["touches"][0]["evidence"] == "link"


def test_a_click_of_another_merchant_earns_nothing_here(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    other_link = other.share(url="https://other.example/").json
    foreign = other.click(other_link["code"])
    shop.buy("1001", trail=foreign)
    shop.cloud.drain()
    assert shop.order("1001")["credits"] == {}


def test_an_empty_week_sends_one_short_mail(shop: Shop) -> None:
    weekly_mail(shop)
    mails = weekly_mail(shop)
    assert len(mails) == 2
    assert "$" not in mails[0].subject
    assert "Nothing" in mails[0].text or "nothing" in mails[0].text


def test_one_click_unsubscribes_and_the_next_mail_does_not_come(shop: Shop) -> None:
    (mail,) = weekly_mail(shop)
    (address,) = (part for part in mail.html.split('"') if "/unsubscribe/" in part)
    path = "/unsubscribe/" + address.rpartition("/")[2]
    assert [shop.ask(method, path).status for method in ("GET", "HEAD")] == [200, 200]
    assert len(weekly_mail(shop)) == 2  # looking at the page is no wish
    done = shop.ask("POST", path, b"List-Unsubscribe=One-Click")
    assert done.status == 200
    assert len(weekly_mail(shop)) == 2
    shop.onboarded(resubscribe=["owner@shop.example"])
    assert len(weekly_mail(shop)) == 3
