"""The weekly mail: what it says, in what form it leaves, and what nobody can smuggle into it."""

import csv
import email
import io
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default

import boto3
import pytest
from botocore.stub import Stubber
from hypothesis import example, given
from hypothesis import strategies as st

from local.artifacts import mail as compiler
from local.template.intrinsics import read
from local.template.reader import TEMPLATE
from sharetrail.analysis.score.calibration import Calibration
from sharetrail.aws import clients
from sharetrail.aws.items import dump, load
from sharetrail.mail import message
from sharetrail.mail.message import Mail, mime
from sharetrail.merchants.notice import Notice
from sharetrail.merchants.profile import Address
from sharetrail.money import Amount
from sharetrail.problems import Malformed
from sharetrail.report import page_paths
from sharetrail.report.earned import Earned
from sharetrail.report.held import HeldSum, OlderHeld
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.mailing import csv_sheet
from sharetrail.report.mailing.compose_mail import compose
from sharetrail.report.report import Correction, Funnel, OtherCurrency, Restatement
from sharetrail.version import VERSION
from sharetrail.web.bodies import parse
from sharetrail.words import formats, names
from tests.reports import (
    a_group,
    a_held_order,
    a_report,
    an_empty_report,
    an_influencer,
    fifty_shops,
)

TO = "owner@lindenloom.example"
SENDER = "reports@sharetrail.example"
URL = "https://links.example/unsubscribe/" + "8f" * 32
PAGE = "https://links.example/reports/" + "0f" * 20
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
GMAIL_CUTS = 102_000


def composed(**changes: object) -> Mail:
    return compose(a_report(**changes), TO, URL, PAGE)


def said(mail: Mail) -> str:
    """What a reader of the HTML sees, in one line."""
    body = re.sub(r"<style.*?</style>|<!--.*?-->|<title>.*?</title>", " ", mail.html, flags=re.S)
    body = re.sub(r"</?(?:span|wbr)\b[^>]*>", "", body)
    text = re.sub(r"<[^>]+>", " ", body).replace("&#160;", " ").replace("&amp;", "&")
    return re.sub(r"\s+([.,;:])", r"\1", " ".join(text.split()))


def parsed(mail: Mail, sender: str = SENDER) -> EmailMessage:
    message = email.message_from_bytes(mime(mail, sender, NOW), policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


# ── What it says ─────────────────────────────────────────────────────────────────────────────────
def test_the_subject_names_shop_result_and_days() -> None:
    subject = " ".join(composed(language="en_GB", currency="GBP").subject.split())
    assert subject == (
        "Linden & Loom: sharing brought £4,218.50 (£1,518.00 before), 16–22 November 2026"
    )


@pytest.mark.parametrize(
    ("kind", "last", "title", "said_of_before"),
    [
        ("day", 16, "Sharetrail daily", "the day before"),
        ("week", 22, "Sharetrail weekly", "the week before"),
        ("month", 22, "Sharetrail monthly", "the month before"),
        ("quarter", 22, "Sharetrail quarterly", "the quarter before"),
    ],
)
def test_every_rhythm_has_its_own_words(
    kind: str, last: int, title: str, said_of_before: str
) -> None:
    text = said(composed(kind=kind, last=date(2026, 11, last)))
    assert title in text
    assert f"more than the $1,518.00 of $22,109.00 (7%) {said_of_before}" in text


def test_one_sentence_says_what_happened_and_why() -> None:
    assert (
        "Sharing brought $4,218.50 of $24,030.50 (18%), more than the $1,518.00 of "
        "$22,109.00 (7%) the week before. More orders, 62 (24 before)." in said(composed())
    )


def test_a_month_is_not_judged_beside_one_that_the_shop_was_only_partly_with_us() -> None:
    """It came on October 19; what each figure was before is in the sheet."""
    whole = composed(kind="month", first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert "More orders" in said(whole)
    part = composed(
        kind="month",
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        heard_since=date(2026, 10, 19),
        restatement=None,
        tasks=(),
    )
    text = said(part)
    ran = "Sharetrail ran on only 13 days the month before, which does not compare."
    assert f"brought $4,218.50 of $24,030.50. {ran}" in text
    assert " before)" not in part.subject
    assert "too few" not in text
    for judged in ("before: up", "before)", "(24 before)"):
        assert judged in said(whole), judged
        assert judged not in text


def test_a_forecast_says_from_which_day_on_it_looks() -> None:
    """A weekly and a monthly mail of one morning may rest on two scored weeks."""
    month = composed(kind="month", last=date(2026, 11, 30), scored_until=date(2026, 11, 29))
    assert (
        "Sales expected in the 4 weeks after Nov 29; the bar should be right four times in five"
        in said(month)
    )
    assert "of sales expected in the 4 weeks after Nov 29" in month.text


def test_below_it_stand_last_click_assisted_and_the_rest() -> None:
    text = said(composed())
    assert (
        "Last click 12% · $2,918.50 Assisted 5% · $1,300.00 "
        "Without sharing 83% · $19,812.00 ($20,591.00 before)" in text
    )


def test_what_came_without_sharing_stands_alone_where_nothing_was_before() -> None:
    assert "Without sharing 83% · $19,812.00 Three things" in said(composed(before=None))


def test_the_three_shares_add_up_to_a_hundred() -> None:
    earned = Earned(
        last_click=1_455, assisted=1_455, last_click_orders=9, all_orders=40, all_net=10_000
    )
    text = said(composed(earned=earned))
    shares = [int(n) for n in re.findall(r"(?:Last click|Assisted|Without sharing) (\d+)%", text)]
    assert len(shares) == 3
    assert sum(shares) == 100


def test_a_tiny_part_is_said_to_be_under_one_percent() -> None:
    earned = Earned(
        last_click=100, assisted=0, last_click_orders=1, all_orders=400, all_net=2_000_000
    )
    assert "under 1% · $1.00" in said(composed(earned=earned))


def test_three_things_to_do_each_with_a_reason_and_a_link() -> None:
    mail = composed()
    assert (
        "Three things to do 1 Decide on order #1042 Credit $48.00 to Sana Rahimi? "
        "Held: bought 2 seconds after the click. 2 Send Theo Okafor a gift" in said(mail)
    )
    for path in ("orders/shopify/1042", "people/theo", "people/anon_0000000000000002"):
        assert f'href="{PAGE}/{path}"' in mail.html
        assert f"{PAGE}/{path}\n" in mail.text


def test_where_nothing_is_to_do_the_mail_says_so_kindly() -> None:
    text = said(composed(tasks=()))
    assert "Nothing needs you this time" in text
    assert "things to do" not in text


def test_what_ranks_is_bold_and_how_sure_it_is_stands_beside_it() -> None:
    ana = an_influencer(
        0,
        name="Ana",
        revenue=124_050,
        score=32_000,
        low=18_000,
        high=54_000,
        score_before=20_000,
        moved="Risen by more clicks.",
        way="up",
    )
    mail = composed(influencers=(ana,), tasks=())
    assert (
        "Sales expected in the 4 weeks after Nov 22; the bar should be right four times "
        "in five. Only clear changes are judged. "
        "1 Ana Gold expected $320 $180–$540. Credited $1,240.50 ($600.00 before). "
        "Expected $200 before. Risen by more clicks." in said(mail)
    )
    assert re.search(r"font-weight:700\">\$320<", mail.html)
    assert (
        "1. Ana [Gold]: $320 of sales expected in the 4 weeks after Nov 22\n"
        "   Four times in five within $180–$540. Credited" in mail.text
    )


def test_each_person_is_judged_once_at_most_and_only_where_a_change_is_clear() -> None:
    steady = an_influencer(0, way="", moved="About the same.", revenue=90_000, orders=9)
    text = said(composed(influencers=(steady,), tasks=()))
    assert "Credited $900.00 ($600.00 before)." in text
    assert "bout the same" not in text
    fallen = an_influencer(0, revenue=9_000, orders=4, revenue_before=90_000, orders_before=40)
    text = said(composed(influencers=(fallen,), tasks=()))
    assert "Credited $90.00 ($900.00 before: down 90%)." in text


def test_a_bar_shows_each_range_on_one_axis() -> None:
    wide = an_influencer(0, low=20_000, score=40_000, high=80_000)
    small = an_influencer(1, low=0, score=10_000, high=20_000)
    html = composed(influencers=(wide, small, an_influencer(9)), tasks=()).html
    bars = re.findall(r'class="(bar[02](?: mid)?)" width="(\d+)%" height="6"', html)
    assert bars == [
        ("bar0", "25"),
        ("bar2", "25"),
        ("bar2 mid", "50"),
        ("bar2", "13"),
        ("bar2 mid", "12"),
        ("bar0", "75"),
    ]


def test_ranges_that_have_been_tested_are_said_to_have_held_so_often() -> None:
    enough = Calibration(weeks=12, ranges=240, held=187)
    assert (
        "the bar should be right four times in five. So far the bars were right 78% of the time."
        " Only" in said(composed(calibration=enough))
    )
    few = Calibration(weeks=2, ranges=19, held=19)
    assert "the bar should be right four times in five. Only" in said(composed(calibration=few))


def test_whoever_has_no_score_is_ranked_by_what_they_were_credited() -> None:
    new = an_influencer(0, name="Ana", score=None, low=None, high=None, score_before=None)
    mail = composed(influencers=(new,), tasks=())
    assert "1 Ana Gold credited $900.00 Not scored yet ($600.00 before)." in said(mail)
    assert re.search(r"font-weight:700\">\$900\.00<", mail.html)


def test_a_discounted_score_says_so_and_why() -> None:
    told = {"discounted": 12, "discount": "Discounted by 12%: they end more than they begin."}
    text = said(composed(influencers=(an_influencer(0, **told),), tasks=()))
    assert "12% less is expected: others often begin these sales." in text


def test_money_that_is_held_is_told_with_whom_it_is_held_from() -> None:
    text = said(composed(tasks=()))
    assert "$48.00 waits until you decide: bought 2 seconds after the click." in text
    assert "Held: $48.00 until you decide (1 order)." in text


def test_what_is_held_twice_is_one_order_and_what_a_task_tells_is_told_once() -> None:
    twice = (a_held_order(), a_held_order(decision="self_email:sana", why="their own e-mail"))
    assert "Held: $48.00 until you decide (1 order)." in said(composed(held_orders=twice, tasks=()))
    body = said(composed()).partition("Sharetrail weekly")[2]
    assert body.count("$48.00") == 1


def test_what_waits_since_before_is_told_beside_what_the_tasks_tell_and_leads_to_it() -> None:
    older = (a_held_order(order="998", name="#998"), a_held_order(order="999", name="#999"))
    both = OlderHeld(asking=HeldSum(orders=2, amount=9_600), listed=older)
    mail = composed(older_held=both, held_orders=(), influencers=(), restatement=None)
    waiting = "2 older orders, $96.00, wait for you."
    assert f"Also: {waiting} £214.50: not counted above." in said(mail)
    assert f"Also: {waiting} £214.50: not counted above. {PAGE}/held" in " ".join(mail.text.split())
    assert f'href="{PAGE}/held"' in mail.html
    assert "Credit $48.00 to Sana Rahimi? Held since November 18" in said(mail)
    one = OlderHeld(asking=HeldSum(orders=1, amount=4_800), listed=older[:1])
    mail = composed(older_held=one, held_orders=(), influencers=())
    assert "Decide on order #998" in said(mail)
    assert "wait" not in said(mail), "the task tells of all"
    one = replace(one, foreign=1)
    mail = composed(older_held=one, held_orders=(), influencers=())
    assert "1 order in another currency waits for you." in said(mail), "but not of this"
    assert f'href="{PAGE}/held"' in mail.html
    unsure = composed(older_held=OlderHeld(are_more=True), held_orders=(), tasks=())
    assert "Nothing is broken this time." in said(unsure)
    assert "no order waits" not in said(unsure)
    silent = compose(an_empty_report(older_held=both), "owner@b.example", URL, PAGE)
    assert f"{waiting} {PAGE}/held" in " ".join(silent.text.split())
    assert f'href="{PAGE}/held"' in silent.html


def test_of_an_order_that_is_held_twice_each_part_is_told_once() -> None:
    whole = {"order_asks": 4_800, "order_waits": 4_800}
    held = (
        a_held_order(**whole),
        a_held_order(influencer="", influencer_name="", effect="wait", amount=9_600, **whole),
    )
    text = said(composed(held_orders=held, tasks=()))
    assert "Held: $48.00 until you decide (1 order) and $48.00 until a date (1 order)." in text


def test_what_waits_for_its_date_is_told_apart() -> None:
    waits = a_held_order(order="7", effect="wait", amount=6_000, influencer="theo")
    text = said(composed(held_orders=(a_held_order(), waits), tasks=()))
    assert "Held: $48.00 until you decide (1 order) and $60.00 until a date (1 order)." in text


def test_self_referral_is_told() -> None:
    assert "2 self-referrals not credited." in said(composed(own_orders=2))


def test_a_tier_of_a_later_rule_does_not_stop_the_mail() -> None:
    assert composed(influencers=(an_influencer(0, tier="legend"),)).html


def test_five_people_are_shown_and_the_sheet_has_everybody() -> None:
    crowd = tuple(an_influencer(n, name=f"Person {n}") for n in range(45))
    text = said(composed(influencers=crowd, tasks=()))
    assert "Person 4" in text
    assert "Person 5" not in text
    assert "Everyone is in influencers-2026-11-16.csv." in text


def test_the_best_network_and_product_and_the_funnel_have_a_line_each() -> None:
    best = a_group("Instagram", revenue=50_000, revenue_before=20_000, orders=9, orders_before=3)
    text = said(composed(networks=(best,), products=(a_group("Mug", revenue=0, clicks=41),)))
    assert "Best network: Instagram, $500.00 ($200.00 before: too few to tell)." in text
    assert "Best product: Mug, 41 clicks." in text
    assert (
        "Funnel: 18,420 views, 612 shares, 1,847 clicks (1,512 before: up 22%), "
        "62 orders (24 before: up 158%)." in text
    )


def test_beside_the_best_network_stands_the_one_that_moved_most_where_one_did_clearly() -> None:
    best = a_group("Instagram", revenue=90_000)
    usual = a_group("X", revenue_before=12_000, orders_before=2)
    fell = a_group("Pinterest", revenue=9_000, orders=4, revenue_before=80_000, orders_before=40)
    text = said(composed(networks=(best, usual, fell)))
    told = "Instagram, $900.00. Fallen most: Pinterest, $90.00 ($800.00 before: down 89%)."
    assert told in text
    by_clicks = replace(usual, clicks=90, clicks_before=20)
    text = said(composed(networks=(best, by_clicks)))
    assert "Risen most: X, 90 clicks (20 before: up 4.5-fold)." in text
    clicked = replace(by_clicks, revenue=0, revenue_before=0)
    assert "Risen most" not in said(composed(networks=(best, clicked))), "anybody makes clicks"


def test_the_last_mails_figure_and_older_ones_are_corrected() -> None:
    older = Correction(first=date(2026, 11, 2), last=date(2026, 11, 8), mailed=9_000, now=4_000)
    text = said(
        composed(restatement=Restatement(mailed=124_050, now=118_000), corrections=(older,))
    )
    assert "Sharing brought $1,180.00 the week before, not $1,240.50." in text
    assert "1 older mail changed by -$50.00." in text
    assert "the week before, not" not in said(composed(restatement=None))


def test_what_came_without_sharing_is_corrected_too() -> None:
    """Else the whole beside the headline's figure of before is another than was mailed."""
    rest = {"rest_mailed": 196_900, "rest_now": 187_100}
    told = "Without sharing $1,871.00 came the week before, not $1,969.00."
    both = (
        "Sharing brought $1,180.00 the week before, not $1,240.50; "
        "without it $1,871.00, not $1,969.00."
    )
    for now, words in ((124_050, told), (118_000, both)):
        text = said(composed(restatement=Restatement(mailed=124_050, now=now, **rest)))
        assert words in text
        assert text.count("the week before, not") == 1


def test_what_waits_for_a_word_is_not_told_as_all_that_is_held() -> None:
    """Of $36.67 that are held of theirs $6.00 wait for a word, and the rest for its date."""
    sana = an_influencer(4, held=3_667)
    held = (
        a_held_order(amount=600),
        a_held_order(order="1043", amount=3_067, effect="wait"),
    )
    text = said(composed(influencers=(sana,), held_orders=held, tasks=()))
    assert "$6.00 waits until you decide: bought 2 seconds after the click." in text
    several = tuple(a_held_order(order=f"{n}", amount=600) for n in range(2))
    text = said(composed(influencers=(sana,), held_orders=several, tasks=()))
    assert "$12.00 of 2 orders waits until you decide." in text


def test_an_unchanged_figure_is_not_corrected() -> None:
    text = said(composed(restatement=Restatement(mailed=124_050, now=124_050)))
    assert "is now" not in text


def test_what_was_used_up_is_told_once() -> None:
    used = [(17, "links_of_browsers"), (18, "links_of_browsers"), (18, "events")]
    notices = tuple(Notice(day=date(2026, 11, day), about=about) for day, about in used)
    told = "Shoppers’ new links ran out on 2 days. So did 1 more."
    assert told in said(composed(notices=notices))
    assert told in said(compose(an_empty_report(notices=notices), TO, URL, PAGE))
    only = said(composed(notices=notices, held_orders=(), influencers=()))
    assert "Mend what ran out" in only
    assert told not in only


def test_other_currencies_stand_apart() -> None:
    assert "£214.50: not counted above." in said(composed())
    many = tuple(OtherCurrency(currency=each, orders=1, net=100) for each in ("CHF", "EUR", "GBP"))
    assert "3 other currencies: not counted above." in said(composed(other_currencies=many))
    assert "not counted above" not in said(composed(other_currencies=()))


def test_what_is_missing_is_a_sentence_never_an_empty_table() -> None:
    nothing = {"influencers": (), "networks": (), "products": (), "funnel": Funnel()}
    mail = composed(**nothing)
    text = said(mail)
    assert "Nobody shared, and no shared link was clicked." in text
    assert "No button was seen and no link clicked" in text
    assert "Best" not in text
    assert "<th" not in mail.html
    assert mail.attachments == ()
    assert "attached" not in text


def test_the_footer_gives_days_definitions_and_the_way_out() -> None:
    mail = composed()
    text = said(mail)
    assert "Days begin at midnight, New York time. The next mail tells of later refunds." in text
    assert "linear-1" not in text, "the page names the rule"
    for address in (URL, f"{PAGE}/definitions", PAGE):
        assert f'href="{address}"' in mail.html
        assert address in mail.text


@pytest.mark.parametrize("word", ["caused", "incremental"])
def test_the_mail_claims_no_cause(word: str) -> None:
    for mail in (composed(), compose(an_empty_report(), TO, URL, PAGE)):
        assert word not in f"{mail.html}{mail.text}".lower()


def test_an_empty_week_says_what_was_last_heard_and_what_to_check() -> None:
    mail = compose(an_empty_report(), TO, URL, PAGE)
    text = said(mail)
    assert "nothing was seen" in mail.subject
    assert "Nothing was seen in this week" in text
    assert "Last heard from the shop on Nov 23, 2026, 7:58" in text
    for clue in ("sharetrail.js", "webhook", "whoever runs Sharetrail for you", PAGE):
        assert clue in mail.html
        assert clue in mail.text
    for about in ("script", "orders"):
        assert f'href="{page_paths.under(PAGE, page_paths.mend(about))}"' in mail.html
        assert page_paths.under(PAGE, page_paths.mend(about)) in mail.text
    assert "onboard" not in mail.text, "which is nothing for whoever has a shop"
    assert "$" not in text


def test_a_shop_that_was_never_heard_of_is_told_so() -> None:
    mail = compose(an_empty_report(last_event=None), TO, URL, PAGE)
    assert "Nothing was ever heard from this shop." in said(mail)


def test_the_text_says_the_figures_of_the_html() -> None:
    for report in (a_report(), *(report for _, report in fifty_shops())):
        mail = compose(report, TO, URL, PAGE)
        figures = set(re.findall(r"[^\s–(⁨]*\d[\d,.]*", said(mail)))
        missing = figures - set(re.findall(r"[^\s–(⁨]*\d[\d,.]*", mail.text))
        assert {each for each in missing if each not in ("1", "2", "3", "4", "5")} == set()


def test_a_german_shop_reads_its_own_numbers_and_days() -> None:
    mail = composed(language="de_DE", currency="EUR", zone="Europe/Berlin")
    assert "4.218,50\u00a0€" in mail.html
    assert '<html lang="de-DE"' in mail.html
    assert '<span class="soft" lang="de-DE"' in mail.html
    assert "16.–22. November 2026" in mail.subject


def test_a_shop_that_writes_from_right_to_left_reads_its_amounts_each_by_itself() -> None:
    mail = composed(language="ar_KW", currency="KWD", zone="Asia/Kuwait")
    for part in (said(mail), " ".join(mail.text.split())):
        amount = "\u200f?\u2068[^\u2069]+\u2069"
        assert re.search(rf"جلبت المشاركة {amount} من {amount} \(.+%.?\)، أكثر", part)
    assert "\u2068" not in composed().html + composed().text
    assert '<span class="soft" lang="ar-KW" dir="auto"' in mail.html


def test_a_name_that_is_written_from_right_to_left_turns_no_english_sentence_round() -> None:
    mail = composed(influencers=(an_influencer(0, name="نور", tier="gold"),), held_orders=())
    assert "Thank \u2068نور\u2069" in said(mail)


# ── How it stands ────────────────────────────────────────────────────────────────────────────────
def test_no_line_of_the_text_is_wider_than_78_columns_but_an_address() -> None:
    for language, name in (("en_US", "Ana"), ("de_DE", "W" * 60), ("de_DE", "Ana " * 15)):
        crowd = tuple(an_influencer(n, name=name, orders=1, revenue=123_456_789) for n in range(30))
        mail = composed(
            shop=name, language=language, influencers=crowd, networks=(a_group(name, clicks=9_999),)
        )
        wide = [line for line in mail.text.split("\n") if len(line) > 78]
        assert [line for line in wide if not line.strip().startswith("https://")] == []
        assert mail.text.count(formats.money(Amount(123_456_789, "USD"), language)) >= 5


def test_a_line_of_a_list_goes_on_below_its_beginning() -> None:
    network = a_group("Ana " * 9, revenue_before=1_234_567, orders_before=90)
    mail = composed(networks=(network,), products=(), influencers=())
    name = " ".join(["Ana"] * 9)
    assert f"\n- Best network: {name}, $123.45 ($12,345.67\n  before: down 99%)." in mail.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Wilhelmina Dudelsackpfeifer", "Wilhelmina Dudelsackpfeifer"),
        ("Ana " + "W" * 21, "Ana WWWWWW<wbr>WWWWWW<wbr>WWWWWW<wbr>WWW"),
        (
            "&" * 21,
            "&amp;" * 6 + "<wbr>" + "&amp;" * 6 + "<wbr>" + "&amp;" * 6 + "<wbr>&amp;&amp;&amp;",
        ),
        ("x\u0301" * 11, "x\u0301" * 6 + "<wbr>" + "x\u0301" * 5),
        ("👩🏽\u200d🔬" * 7, "👩🏽\u200d🔬" * 6 + "<wbr>👩🏽\u200d🔬"),
    ],
)
def test_a_word_too_long_for_a_phone_may_break_between_its_letters(name: str, shown: str) -> None:
    assert f">{shown}</a>" in composed(influencers=(an_influencer(0, name=name),)).html


@pytest.mark.parametrize("language", ["ar_EG", "he_IL"])
def test_a_mail_that_is_read_from_right_to_left_is_laid_out_so(language: str) -> None:
    of_left = ('dir="ltr"', "direction:ltr", "text-align:left", "float:right")
    for report in (a_report(language=language), an_empty_report(language=language)):
        html = compose(report, TO, URL, PAGE).html
        assert f'<html lang="{language.replace("_", "-")}" dir="rtl"' in html
        assert [
            each for each in (*of_left, "border-left:", "padding-left:14px") if each in html
        ] == []
    assert 'dir="rtl"' not in composed(language="fa_IR").html, "which we do not speak"


def test_figures_among_signs_that_need_no_blanks_stay_whole() -> None:
    report = a_report(language="ja_JP", currency="JPY", reason="共有は￥421,850を売り上げました。")
    html = compose(report, TO, URL, PAGE).html
    assert "共有は<span" in html
    assert re.search(r">￥421,850</span>を売り上げました。", html)


def test_signs_that_need_no_blanks_are_wrapped_by_the_room_that_they_take() -> None:
    text = compose(
        a_report(language="ja_JP", currency="JPY", reason="売上です。" * 30), TO, URL, PAGE
    ).text
    lines = [each for each in text.split("\n") if "売上です" in each]
    assert len(lines) > 3
    assert all(len(each) <= 39 and each[0] != "。" for each in lines[1:])


def test_no_line_begins_with_what_closes_or_ends_with_what_opens() -> None:
    reason = "2026年11月16日～22日は（￥98,765）。次に「￥12」。"
    html = compose(a_report(language="ja_JP", currency="JPY", reason=reason), TO, URL, PAGE).html
    for box in ("2026年11月16日～", "22日", "（￥98,765）。", "「￥12」。"):
        assert f">{box}</span>" in html, box


# ── What nobody can smuggle in ───────────────────────────────────────────────────────────────────
def test_names_are_escaped_and_stripped() -> None:
    evil = '<script>alert("1")</script>'
    mail = composed(
        shop=evil + "& Sons",
        influencers=(an_influencer(0, name=evil, advice="<img src=x>"),),
        networks=(a_group(evil),),
        products=(a_group("\u202e{{ 7 * 7 }}"),),
        held_orders=(a_held_order(name=f"{evil}\r\n", influencer_name=f"\u202e{evil}"),),
    )
    assert "Decide on order scriptalert(1)" in mail.text
    assert "<script" not in mail.html
    assert "<img" not in mail.html
    assert "&amp; Sons" in mail.html
    assert "\u202e" not in mail.html + mail.text
    assert "{{ 7 * 7 }}" in said(mail)


def test_an_address_stays_one_in_the_shops_own_name_alone() -> None:
    mail = composed(
        shop="Linen.com",
        influencers=(an_influencer(0, name="ana.com"),),
        networks=(a_group("twitch.tv (other)"),),
        products=(a_group("Throw by evil.com"),),
    )
    assert mail.subject.startswith("Linen.com: ")
    for part in (mail.html, mail.text):
        assert "Linen.com" in part
        for shown in ("ana·com", "twitch·tv (other)", "Throw by evil·com"):
            assert shown in part
    assert "ana.com" not in mail.html + mail.attachments[0].text


def test_the_text_is_not_escaped() -> None:
    assert "Linden & Loom" in composed().text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://links.example/a b",
        'https://links.example/"onclick=',
        "https://links.example/a\r\nBcc: x",
        "ftp://links.example/a",
        "https:///unsubscribe/x",
        "",
    ],
)
def test_only_to_plain_web_addresses_a_mail_leads(url: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        compose(a_report(), TO, url, PAGE)
    with pytest.raises(ValueError, match="not an address"):
        compose(a_report(), TO, URL, url)


@pytest.mark.parametrize(
    "to", ["", "owner", "a@b, c@d.example", "a@b.example\r\nBcc: c@d.example", "A <a@b.example>"]
)
def test_mail_goes_to_one_plain_address_only(to: str) -> None:
    with pytest.raises(message.BadRecipient):
        compose(a_report(), to, URL, PAGE)


NO_ADDRESSES = [
    "owner",
    "@shop.example",
    "owner@",
    "owner@shop",
    "owner@shop.example.",
    "owner@-shop.example",
    "owner@shop..example",
    "owner@127.0.0.1",
    ".owner@shop.example",
    "owner.@shop.example",
    "the..owner@shop.example",
    "the owner@shop.example",
    '"owner"@shop.example',
    "owner(me)@shop.example",
    "a@b@shop.example",
    "=?utf-8?q?owner?=@shop.example",
    "bj\u00f6rn@shop.example",
    "owner@gr\u00fc\u00dfe.example",
    "owner@shop.example\n",
    "owner@shop.example\r\nBcc: x@shop.example",
    "\u202eowner@shop.example",
    "x" * 65 + "@shop.example",
    "x" * 64 + "@" + ".".join(["y" * 60] * 3) + ".example",
    "o" * 300_000,
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_where_no_mail_can_go_onboarding_and_mail_refuse_alike(address: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(Recipients, {"recipients": [TO, address]})
    assert refused.value.errors.keys() == {"recipients.1"}
    with pytest.raises(message.BadRecipient):
        compose(a_report(), address, URL, PAGE)


def test_an_address_is_deployed_for_reports_only_if_mail_can_come_from_it() -> None:
    pattern = read(TEMPLATE.read_text())["Parameters"]["MailFrom"]["AllowedPattern"]
    taken = [each for each in NO_ADDRESSES if re.fullmatch(pattern, each)]
    assert all(len(each) > 64 for each in taken), "its lengths alone it does not know"
    assert re.fullmatch(pattern, SENDER)


@dataclass
class Recipients:
    recipients: tuple[Address, ...]


NAMES = st.from_regex(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,66}", fullmatch=True)
LABELS = st.from_regex(r"[A-Za-z0-9-]{1,62}", fullmatch=True)
DOMAINS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
ADDRESSES = st.one_of(
    st.emails(),
    st.builds("{}@{}.{}".format, NAMES, DOMAINS, st.sampled_from(["com", "xn--p1ai", "museum"])),
    st.text(st.characters(codec="utf-8"), max_size=30).map("a{}@shop.example".format),
)


@given(ADDRESSES)
@example("o" * 64 + "@" + ".".join(["y" * 58] * 3) + ".museum")
def test_whatever_onboarding_takes_mail_goes_to_and_to_nobody_else(address: str) -> None:
    try:
        (taken,) = parse(Recipients, {"recipients": [address]}).recipients
    except Malformed:
        with pytest.raises(message.BadRecipient):
            mime(replace(MAIL, to=address), SENDER, NOW)
        return
    (to,) = parsed(replace(MAIL, to=taken))["To"].addresses
    assert to.addr_spec == taken == address
    assert parsed(MAIL, sender=taken)["From"].addresses[0].addr_spec == taken


MAIL = composed()


def test_a_subject_cannot_begin_a_header() -> None:
    mail = replace(composed(), subject="Hello\r\nBcc: victim@b.example\u2028X: y")
    message = parsed(mail)
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: victim@b.example X: y"


# ── How it leaves ────────────────────────────────────────────────────────────────────────────────
def test_the_message_holds_text_then_html_then_the_sheet() -> None:
    mail = composed()
    message = parsed(mail)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/csv",
    ]
    body = message.get_body(("html",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == mail.html.strip()
    (sheet,) = message.iter_attachments()
    assert sheet.get_filename() == "influencers-2026-11-16.csv"
    assert sheet.get_payload(decode=True) == mail.attachments[0].text.encode()


def test_one_click_unsubscribes_by_https_and_by_mail() -> None:
    message = parsed(composed())
    token = URL.rpartition("/")[2]
    mailto = f"mailto:{SENDER}?subject=unsubscribe%20{token}"
    assert message["List-Unsubscribe"] == f"<{URL}>, <{mailto}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    raw = mime(composed(), SENDER, NOW)  # in plain sight, not as RFC 2047's encoded words
    assert f"List-Unsubscribe: <{URL}>,\r\n <{mailto}>\r\n".encode() in raw


def test_sender_recipient_and_time_are_those_given() -> None:
    message = parsed(composed())
    assert message["From"] == f"Sharetrail <{SENDER}>"
    assert message["To"] == TO
    assert message["Date"].datetime == NOW
    assert parsed(composed(), f"Linden Reports <{SENDER}>")["From"] == f"Linden Reports <{SENDER}>"


def test_a_subject_in_any_script_survives() -> None:
    mail = composed(
        shop="木と織 — Möbel und Wohnen für das ganze Haus und den Garten", currency="JPY"
    )
    assert parsed(mail)["Subject"] == " ".join(mail.subject.split())


def test_every_line_of_the_message_is_short_ascii() -> None:
    raw = mime(composed(shop="Möbel"), SENDER, NOW)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_mail_is_the_same_bytes() -> None:
    assert mime(composed(), SENDER, NOW) == mime(composed(), SENDER, NOW)


def test_it_says_of_which_release_it_is() -> None:
    assert parsed(composed())["X-Mailer"] == f"Sharetrail {VERSION}"


def test_ses_gets_the_raw_message_and_its_id_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", SENDER)
    monkeypatch.setenv("CONFIGURATION_SET", "sharetrail-mail-events")
    client = boto3.client(
        "sesv2", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    monkeypatch.setattr(clients, "sesv2", lambda: client)
    raw = mime(composed(), SENDER, NOW)
    with Stubber(client) as ses:
        ses.add_response(
            "send_email",
            {"MessageId": "0100-abc"},
            {
                "FromEmailAddress": SENDER,
                "Destination": {"ToAddresses": [TO]},
                "Content": {"Raw": {"Data": raw}},
                "ConfigurationSetName": "sharetrail-mail-events",
                "EmailTags": [{"Name": "merchant", "Value": "m_1"}],
            },
        )
        assert message.send(TO, raw, "m_1") == "0100-abc"


# ── The sheet ────────────────────────────────────────────────────────────────────────────────────
def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_sheet_has_everyone_in_every_column() -> None:
    report = a_report(built_at=NOW)
    found = rows(csv_sheet.influencers(report))
    assert len(found) == len(report.influencers)
    assert found[0] == {
        "rank": "1",
        "influencer": "mara",
        "name": "Mara Lindqvist",
        "tags": "",
        "tier": "gold",
        "percentile": "99",
        "expected_4_weeks": "1024.00",
        "expected_low_80": "576.00",
        "expected_high_80": "1728.00",
        "expected_before": "960.00",
        "moved": "About the same.",
        "discount": "",
        "links_followed": "60",
        "clicks": "480",
        "orders": "14",
        "currency": "USD",
        "credited_revenue": "1720.18",
        "credited_before": "600.00",
        "held": "0.00",
        "upheld": "0.00",
        "unpaid": "0.00",
        "last_click_revenue": "600.00",
        "assisted_revenue": "0.00",
        "advice": report.influencers[0].advice,
        "seen_on": "instagram 160; unknown 320",
    }
    unseen = rows(csv_sheet.influencers(a_report(influencers=(an_influencer(0, clicks=0),))))
    assert unseen[0]["seen_on"] == ""
    assert sum(round(float(row["credited_revenue"]) * 100) for row in found) == 421_850


def test_what_a_report_of_before_does_not_know_is_an_empty_cell_and_no_nought() -> None:
    (stored,) = dump(a_report(influencers=(an_influencer(0),)))["influencers"]
    of_then = {"id", "name", "clicks", "orders", "revenue", "score", "low", "high", "percentile"}
    old = load(InfluencerLine, {name: stored[name] for name in of_then})
    (row,) = rows(csv_sheet.influencers(a_report(influencers=(old,))))
    told = {name for name, cell in row.items() if cell}
    assert told == {
        *("rank", "influencer", "name", "percentile", "clicks", "orders", "currency"),
        *("expected_4_weeks", "expected_low_80", "expected_high_80", "credited_revenue"),
    }
    (now,) = rows(csv_sheet.influencers(a_report(influencers=(old,), built_at=NOW)))
    assert [now[each] for each in ("held", "upheld", "unpaid")] == ["0.00"] * 3


def test_the_sheet_has_the_merchants_tags_and_runs_none() -> None:
    ana = an_influencer(0, tags=("press", "Berlin"))
    ben = an_influencer(1, tags=("=cmd",))
    found = rows(csv_sheet.influencers(a_report(influencers=(ana, ben))))
    assert [row["tags"] for row in found] == ["press; Berlin", "'=cmd"]


def test_the_mails_people_are_the_first_of_the_sheet() -> None:
    for _, report in fifty_shops():
        mail = compose(report, TO, URL, PAGE)
        for row in rows(mail.attachments[0].text)[:5]:
            assert f"\n{row['rank']}. {names.short(row['name'])}" in mail.text


def test_the_sheet_opens_as_utf_8_and_ends_lines_as_rfc_4180_says() -> None:
    text = csv_sheet.influencers(a_report(influencers=(an_influencer(0, name="Ana, Á\nB"),)))
    assert text.startswith("\ufeffrank,")
    assert text.count("\r\n") == 2
    assert '"Ana, Á B"' in text


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "|x",
        "  =1",
        "\t=1",
        "\r=1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert csv_sheet.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ana", "a=b", "  Ana", "7F3K", "'quoted"])
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert csv_sheet.harmless(cell) == cell


def test_an_influencer_cannot_bring_a_formula_and_a_loss_stays_a_number() -> None:
    line = an_influencer(0, id="=cmd", name='=HYPERLINK("x")', advice="@x", revenue=-1_250)
    (row,) = rows(csv_sheet.influencers(a_report(influencers=(line,))))
    assert (row["influencer"], row["name"], row["advice"]) == ("'=cmd", "'=HYPERLINK(x)", "'@x")
    assert row["credited_revenue"] == "-12.50"


# ── The templates ────────────────────────────────────────────────────────────────────────────────
def test_the_committed_html_is_what_the_mjml_compiles_to() -> None:
    assert {source.name for source in compiler.sources()} == {
        "report.mjml",
        "empty.mjml",
        "new_link.mjml",
    }
    for source in compiler.sources():
        committed = source.with_suffix(".html").read_text(encoding="utf-8")
        assert committed == compiler.html_of(source), f"{source.name}: run `make mail`"


def test_the_largest_mail_is_not_cut_off_by_gmail() -> None:
    long = "Wilhelmina-Konstantinopolitanische Dudelsackpfeifergesellin"
    crowd = tuple(
        an_influencer(n, name=long, orders=9, revenue=123_456_789 - n) for n in range(500)
    )
    mail = composed(
        language="de_DE",
        currency="EUR",
        influencers=crowd,
        networks=tuple(a_group(long, revenue=123_456_789) for _ in range(130)),
        products=tuple(a_group(long, revenue=123_456_789) for _ in range(500)),
    )
    assert len(mail.html.encode()) < GMAIL_CUTS


def test_the_mail_fetches_nothing() -> None:
    for mail in (composed(), compose(an_empty_report(), TO, URL, PAGE)):
        links = set(
            re.findall(r"""(?:href|src|action|url\()\s*=?\s*["']?([^"'\s>)]+)""", mail.html)
        )
        assert all(link == URL or link.startswith(PAGE) for link in links)
        assert "data:" not in mail.html
        assert "<img" not in mail.html


def test_every_table_is_layout_that_says_so_or_data_with_headings() -> None:
    for mail in (composed(), compose(an_empty_report(), TO, URL, PAGE)):
        body = re.sub(r"<!--.*?-->", "", mail.html, flags=re.S)
        pieces = body.split("<table")[1:]
        assert len(pieces) > 5
        for piece in pieces:
            assert 'role="presentation"' in piece.split(">")[0] or '<th scope="col"' in piece
