"""What a merchant reads of an order: who got what and why, and who got nothing and why."""

from datetime import UTC, datetime, timedelta

from sharetrail.attribution import explanations
from sharetrail.attribution.credit import OrderCredits, compute_credits
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.attribution.models import MODELS, CreditRule, Model
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Refund, ReturnedLines, Sale

PLACED = datetime(2026, 11, 20, 12, tzinfo=UTC)
REF = OrderRef(merchant="m", platform="shopify", id="1")


def a_touch(days: float, name: str, evidence: str = "trail", verdict: str = "human") -> Touch:
    return Touch(
        id=f"{evidence}-{days:08.3f}-{name}",
        at=PLACED - timedelta(days=days),
        link=f"link-of-{name}",
        influencer=name.lower(),
        name=name,
        network="whatsapp",
        evidence=evidence,  # type: ignore[arg-type]
        verdict=verdict,
        reason="the code ANA10 was used in the order" if evidence == "code" else "",
        verdict_version=1,
    )


def an_order(*touches: Touch, decisions: tuple[Decision, ...] = (), **sale: str) -> OrderCredits:
    made = Sale(name="#1", currency="USD", lines=(), net=9_000, total=9_000, **sale)  # type: ignore[arg-type]
    order = Order(sale=made, placed_at=PLACED, paid_at=PLACED, net=9_000, refunded=0, fact_count=1)
    known = OrderTouches(touches=touches)
    return compute_credits(
        REF, order, known, CreditRule(), decisions=decisions, removal_effects={"whatsapp": 0.4}
    )


def sentences_of(order: OrderCredits, model: Model) -> list[str]:
    return explanations.credits(order.details.lines(model), model, order.placed_at)


def test_every_credit_of_every_model_has_a_sentence() -> None:
    found = an_order(a_touch(12, "Ana"), a_touch(5, "Cem"), a_touch(0.1, "Dia"))
    assert set(found.details.models) == set(MODELS)
    for model in MODELS:
        sentences = sentences_of(found, model)
        assert len(sentences) == 3
        assert all(sentence.endswith(".") for sentence in sentences)
        assert explanations.MODEL_WORDS[model]
    first, middle, last = sentences_of(found, "position")
    assert first == (
        "40 % to Ana: first touch, 12 days before the order, on WhatsApp, same browser."
    )
    assert middle.startswith("20 % to Cem: touch 2 of 3, 5 days before")
    assert last.startswith("40 % to Dia: last touch, 2 hours before")


def test_who_gets_nothing_is_told_by_which_rule() -> None:
    ana, _ = sentences_of(an_order(a_touch(9, "Ana"), a_touch(1, "Ben")), "last")
    assert ana.startswith("0 % to Ana: first touch, 9 days before the order")
    assert ana.endswith("The model: the last touch before the order takes all.")


def test_a_touch_that_does_not_count_is_told_with_its_reason() -> None:
    found = an_order(a_touch(31, "Ben"), a_touch(2, "Ana"), a_touch(0, "Cem", "code"))
    assert explanations.all_left_out(found) == (
        "Ben's click 31 days before was outside the 30-day window.",
        "Cem's code was used beside a share click, and clicks come first.",
    )
    assert explanations.why_none(found) is None


def test_a_touch_that_a_fraud_rule_rejected_is_told_too() -> None:
    sentence = "Ana bought this order: the customer account is theirs."
    rejecting = Decision(rule="self_customer", effect="reject", influencer="ana", sentence=sentence)
    found = an_order(a_touch(2, "Ana"), decisions=(rejecting,))
    assert explanations.all_left_out(found) == (sentence,)
    assert explanations.why_none(found) == ("No share click counts; see what was left out.")


def test_how_a_touch_is_known_is_part_of_the_sentence() -> None:
    told = {
        "trail": "same browser",
        "landing": "named by the page the buyer landed on",
        "link": "their link brought the buyer",
        "sure": "known from the buyer's account, or by the shop's own word",
        "corroborated": "known from the buyer's paid order to the same delivery address",
        "code": "was used in the order",
    }
    for evidence, words in told.items():
        (sentence,) = sentences_of(an_order(a_touch(0, "Ana", evidence)), "last")
        assert words in sentence
    weightless = {"bare": "anybody can type one", "disputed": "of another household too"}
    for evidence, words in weightless.items():
        (sentence,) = explanations.all_left_out(an_order(a_touch(1, "Ana", evidence)))
        assert words in sentence
    (doubtful,) = sentences_of(an_order(a_touch(1, "Ana", verdict="bot")), "last")
    assert "looked like a bot" in doubtful


def test_an_order_without_any_touch_says_why() -> None:
    told = {trail: explanations.why_none(an_order(trail=trail)) for trail in ("none", "denied")}
    assert "without following a share link" in str(told["none"])
    assert "did not allow" in str(told["denied"])
    assert "sharetrail.js did not run" in str(explanations.why_none(an_order()))


def test_an_order_made_by_hand_was_on_no_page() -> None:
    by_hand = "The order was made by hand, on no page: nothing could carry a share click."
    assert explanations.why_none(an_order(origin="hand")) == by_hand
    assert "without following" in str(explanations.why_none(an_order(origin="hand", trail="none")))


def test_a_trail_that_cannot_be_read_is_shown_cropped_where_it_is_at_hand() -> None:
    order = an_order(trail="xyz")
    assert explanations.why_none(order) == "The order carries a trail that is no click id."
    for trail, shown in (("xyz", "'xyz'"), ("y" * 41, f"'{'y' * 40}…'"), ("a\nb", r"'a\nb'")):
        sentence = f"The order carries a trail that is no click id: {shown}."
        assert explanations.why_none(order, trail) == explanations.unreadable(trail) == sentence


def returned(**told: str) -> Refund:
    return Refund(id="1", returned=ReturnedLines(**told))  # type: ignore[arg-type]
