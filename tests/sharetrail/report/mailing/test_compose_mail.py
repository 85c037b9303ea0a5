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
from sharetrail.analysis.seen_on import SeenOn
from sharetrail.aws import clients
from sharetrail.mail import message
from sharetrail.mail.message import Mail, mime
from sharetrail.merchants.notice import Notice
from sharetrail.merchants.profile import Address
from sharetrail.money import Amount
from sharetrail.problems import Malformed
from sharetrail.report.mailing import csv_sheet
from sharetrail.report.mailing.compose_mail import compose
from sharetrail.report.report import Earned, Funnel, Restatement
from sharetrail.web.bodies import parse
from sharetrail.words import formats
from tests.reports import a_group, a_report, an_empty_report, an_influencer

TO = "owner@lindenloom.example"
SENDER = "reports@sharetrail.example"
URL = "https://links.example/unsubscribe/" + "8f" * 32
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
GMAIL_CUTS = 102_000


def composed(**changes: object) -> Mail:
    return compose(a_report(**changes), TO, URL)


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
def test_the_subject_names_shop_revenue_and_week() -> None:
    subject = " ".join(composed(language="en_GB", currency="GBP").subject.split())
    assert subject == "Linden & Loom: £4,218.50 influenced by sharing, 16–22 November 2026"


def test_the_headline_splits_into_last_click_assisted_and_not_influenced() -> None:
    text = said(composed())
    assert "Influenced revenue $4,218.50 up 178% against last week" in text
    assert "62 of 410 orders (up 158%) had a share click in the 30 days before." in text
    assert re.search(r"Last-click 12% \$2,918\.50 .*Assisted 5% \$1,300\.00", text)
    assert re.search(r"Not influenced 83% \$19,812\.00 down 11 points", text)


def test_the_three_shares_add_up_to_a_hundred() -> None:
    earned = Earned(
        last_click=1_455, assisted=1_455, last_click_orders=9, all_orders=40, all_net=10_000
    )
    text = said(composed(earned=earned))
    shares = [int(n) for n in re.findall(r"(?:Last-click|Assisted|Not influenced) (\d+)%", text)]
    assert len(shares) == 3
    assert sum(shares) == 100


def test_a_tiny_part_is_said_to_be_under_one_percent() -> None:
    earned = Earned(
        last_click=100, assisted=0, last_click_orders=1, all_orders=400, all_net=2_000_000
    )
    assert "under 1% $1.00" in said(composed(earned=earned))


def test_a_first_week_compares_with_nothing() -> None:
    text = said(composed(before=None, funnel_before=None, restatement=None))
    assert "This is the first week, so there is nothing to compare it with yet." in text
    assert "last week" not in text.replace("against last week", "")


def test_one_order_after_none_is_too_few_to_tell() -> None:
    one = Earned(last_click=5_000, last_click_orders=1, all_orders=3, all_net=9_000)
    none = Earned(all_orders=2, all_net=4_000)
    text = said(composed(earned=one, before=none))
    assert "$50.00 too few to tell" in text
    assert "up" not in text.split("Who the influencers are")[0].split()


def test_last_weeks_figure_is_restated() -> None:
    text = said(composed(restatement=Restatement(mailed=124_050, now=118_000)))
    assert "Last week’s mail said $1,240.50; after refunds and late orders it is $1,180.00." in text


def test_what_was_used_up_is_told_once_with_its_days() -> None:
    told = [(17, "links_of_browsers"), (18, "links_of_browsers"), (18, "events")]
    notices = tuple(Notice(day=date(2026, 11, day), about=about) for day, about in told)
    for mail in (composed(notices=notices), compose(an_empty_report(notices=notices), TO, URL)):
        for text in (said(mail), " ".join(mail.text.replace(": ", " ").split())):
            assert "November 17, 2026 · November 18, 2026 Shoppers’ browsers used up" in text
            assert "November 18, 2026 Your pages told of more than a day has room for." in text
            assert text.count("Clicks, orders and credits are not touched.") == 2
    assert "not touched" not in said(composed())


def test_an_unchanged_figure_is_not_restated() -> None:
    text = said(composed(restatement=Restatement(mailed=124_050, now=124_050)))
    assert "mail said" not in text


def test_an_influencer_has_name_tier_counts_score_revenue_and_advice() -> None:
    ana = an_influencer(
        0, name="Ana", revenue=124_050, score=32_000, low=18_000, high=54_000, tier="gold"
    )
    text = said(composed(influencers=(replace(ana, advice="Thank them."),)))
    assert (
        "1 Ana $1,240.50 Gold 60 links followed · 480 clicks · 14 orders "
        "$320 expected in the next 4 weeks, 80% sure: $180–$540. Thank them." in text
    )


def test_an_influencer_without_a_score_is_not_scored_as_nothing() -> None:
    text = said(composed(influencers=(an_influencer(0, score=None, low=None, high=None),)))
    assert "Not scored yet." in text


def test_a_tier_of_a_later_rule_does_not_stop_the_mail() -> None:
    assert "Legend" in said(composed(influencers=(an_influencer(0, tier="legend"),)))


def test_below_the_top_ten_twenty_with_an_order_have_a_line_and_the_rest_is_counted() -> None:
    crowd = tuple(an_influencer(n, name=f"Person {n}", orders=1) for n in range(45))
    text = said(composed(influencers=crowd))
    assert "Person 29" in text
    assert "Person 30" not in text
    assert "15 more people shared or were clicked this week." in text
    assert "Everyone is in the attached influencers-2026-11-16.csv." in text


def test_a_person_without_an_order_has_no_line_below_the_top_ten() -> None:
    crowd = tuple(an_influencer(n, name=f"Person {n}", orders=int(n < 10)) for n in range(11))
    text = said(composed(influencers=crowd))
    assert "Person 10" not in text
    assert "1 more person shared or was clicked this week." in text


def test_products_beyond_eight_are_summed_up() -> None:
    products = tuple(a_group(f"Product {n}", revenue=1_000) for n in range(11))
    assert "3 more products had $30.00 credited." in said(composed(products=products))


def test_the_funnel_has_a_rate_for_every_step() -> None:
    text = said(composed())
    assert "Opens 12% of views 2,214 up 17%" in text
    assert "Clicks 3.0 clicks per share 1,847 up 22%" in text
    assert "Views 18,420 no clear change" in text


def test_the_mail_says_where_links_of_the_devices_own_sheet_were_seen() -> None:
    mail = composed()
    told = (
        "Links shared with a device’s own share sheet were seen on WhatsApp 40%, Instagram 20%, "
        "X 2%; of 38% of the clicks it is not known."
    )
    assert told in said(mail)
    assert told in " ".join(mail.text.split())


@pytest.mark.parametrize(
    ("places", "unknown", "sentence"),
    [
        ({"x": 19}, 0, ""),
        ({"x": 20}, 0, "were seen on X 100%."),
        ({}, 20, "own share sheet were seen, no click says."),
        ({"other": 50}, 50, "were seen on elsewhere 50%; of 50% of the clicks it is not known."),
        (
            {"x": 40, "other": 20, "reddit": 15, "email": 10, "sms": 5},
            10,
            "were seen on X 40%, Reddit 15%, E-mail 10%, elsewhere 25%; of 10% of the clicks",
        ),
        ({"x": 1}, 999, "were seen on X under 1%; of over 99% of the clicks it is not known."),
    ],
)
def test_it_names_three_places_and_never_hides_what_is_not_known(
    places: dict[str, int], unknown: int, sentence: str
) -> None:
    text = said(composed(device_seen_on=SeenOn(places=places, unknown=unknown)))
    assert sentence in text
    assert ("share sheet" in text) is bool(sentence)


def test_of_many_networks_the_mail_shows_the_best_and_sums_up_the_others() -> None:
    groups = tuple(a_group(f"Forum {n} (other)", revenue=10_000 - n) for n in range(15))
    text = said(composed(networks=groups))
    assert "Forum 12 (other)" in text
    assert "Forum 13 (other)" not in text
    assert "2 more networks had $199.73 credited." in text


def test_other_currencies_stand_apart() -> None:
    assert "GBP 3 orders £214.50" in said(composed())
    assert "Other currencies" not in said(composed(other_currencies=()))


def test_what_is_missing_is_a_sentence_never_an_empty_table() -> None:
    nothing = {"influencers": (), "networks": (), "products": (), "funnel": Funnel()}
    mail = composed(**nothing)
    text = said(mail)
    assert "Nobody shared this week" in text
    assert "No network had a share or a click this week." in text
    assert "No product was shared or clicked this week." in text
    assert "No share button was seen" in text
    assert "<th" not in mail.html
    assert mail.attachments == ()


def test_a_week_with_shares_and_no_order_says_so() -> None:
    text = said(composed(earned=Earned(), networks=(a_group("X", orders=0, revenue=0),)))
    assert "Influenced revenue $0.00" in text
    assert "No order in USD came in this week." in text
    assert "Not influenced" not in text


def test_the_footer_gives_window_rule_zone_clicks_and_the_way_out() -> None:
    mail = composed(window_days=7)
    text = said(mail)
    assert "a share click came in the 7 days before it" in text
    assert "linear-1 (4f0c2a9d)" in text
    assert "America/New_York" in text
    assert "bots, link previews and repeats are not among them" in text
    assert "received on Nov 23, 2026, 7:58" in text
    assert f'href="{URL}"' in mail.html
    assert URL in mail.text


@pytest.mark.parametrize("word", ["caused", "incremental"])
def test_the_mail_claims_no_cause(word: str) -> None:
    for mail in (composed(), compose(an_empty_report(), TO, URL)):
        assert word not in f"{mail.html}{mail.text}".lower()


def test_an_empty_week_says_what_was_last_heard_and_what_to_check() -> None:
    mail = compose(an_empty_report(), TO, URL)
    text = said(mail)
    assert "nothing was seen" in mail.subject
    assert "The last event from the shop was received on Nov 23, 2026" in text
    for clue in ("sharetrail.js", "webhook", "onboard_merchant"):
        assert clue in text
        assert clue in mail.text
    assert "$" not in text


def test_a_shop_that_was_never_heard_of_is_told_so() -> None:
    mail = compose(an_empty_report(last_event=None), TO, URL)
    assert "No visit to a page and no click was ever received from this shop." in said(mail)


def test_the_text_says_the_figures_of_the_html() -> None:
    mail = composed()
    figures = set(re.findall(r"\$[\d,]+(?:\.\d\d)?", said(mail)))
    assert len(figures) > 30
    assert figures <= set(re.findall(r"\$[\d,]+(?:\.\d\d)?", mail.text))


def test_a_german_shop_reads_its_own_numbers_and_days() -> None:
    mail = composed(language="de_DE", currency="EUR", zone="Europe/Berlin")
    assert "4.218,50\u00a0€" in mail.html
    assert '<html lang="en-DE"' in mail.html
    assert '<p class="soft" lang="de-DE"' in mail.html
    assert "16.–22. November 2026" in mail.subject


def test_a_shop_that_writes_from_right_to_left_turns_no_english_sentence_round() -> None:
    mail = composed(language="ar_KW", currency="KWD", zone="Asia/Kuwait")
    for part in (mail.html, mail.text):
        assert re.search(
            "received on \u2068[^\u2069]+\u2069\\. What comes later", " ".join(part.split())
        )
        assert re.search("mail said (<[^>]+>)?\u2068[^\u2069]+\u2069;", " ".join(part.split()))
    assert "\u2068" not in composed().html + composed().text
    assert '<p class="soft" lang="ar-KW" dir="auto"' in mail.html


# ── How it stands ────────────────────────────────────────────────────────────────────────────────
def test_no_line_of_the_text_is_wider_than_78_columns_but_the_way_out() -> None:
    for language, name in (("en_US", "Ana"), ("de_DE", "W" * 60), ("de_DE", "Ana " * 15)):
        crowd = tuple(an_influencer(n, name=name, orders=1, revenue=123_456_789) for n in range(30))
        mail = composed(
            shop=name, language=language, influencers=crowd, networks=(a_group(name, clicks=9_999),)
        )
        wide = [line for line in mail.text.split("\n") if len(line) > 78]
        assert wide in ([], [f"{URL}"])
        assert mail.text.count(formats.money(Amount(123_456_789, "USD"), language)) == 30


def test_a_line_of_a_list_goes_on_below_its_beginning() -> None:
    mail = composed(networks=(a_group("Ana " * 15),), products=(), influencers=())
    names = " ".join(["Ana"] * 15)
    assert f"\n- {names}: $123.45\n  credited, 8 links followed, 40 clicks, 2 orders\n" in mail.text


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
    assert f">{shown}</span>" in composed(influencers=(an_influencer(0, name=name),)).html


def test_the_headline_is_smaller_the_longer_it_is() -> None:
    sizes = [
        int(re.findall(r"font-size:(\d+)px;line-height:56px", composed(currency=each).html)[0])
        for each in ("USD", "KWD", "IDR")
    ]
    assert sizes == [46, 42, 38]


# ── What nobody can smuggle in ───────────────────────────────────────────────────────────────────
def test_names_are_escaped_and_stripped() -> None:
    evil = '<script>alert("1")</script>'
    mail = composed(
        shop=evil + "& Sons",
        influencers=(an_influencer(0, name=evil, advice="<img src=x>"),),
        networks=(a_group(evil),),
        products=(a_group("\u202e{{ 7 * 7 }}"),),
    )
    assert "<script" not in mail.html
    assert "<img" not in mail.html
    assert "&amp; Sons" in mail.html
    assert "\u202e" not in mail.html + mail.text
    assert "{{ 7 * 7 }}" in mail.html


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
def test_only_a_plain_web_address_unsubscribes(url: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        compose(a_report(), TO, url)


@pytest.mark.parametrize(
    "to", ["", "owner", "a@b, c@d.example", "a@b.example\r\nBcc: c@d.example", "A <a@b.example>"]
)
def test_mail_goes_to_one_plain_address_only(to: str) -> None:
    with pytest.raises(message.BadRecipient):
        compose(a_report(), to, URL)


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
        compose(a_report(), address, URL)


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
    report = a_report()
    found = rows(csv_sheet.influencers(report))
    assert len(found) == len(report.influencers)
    assert found[0] == {
        "rank": "1",
        "influencer": "anon_0000000000000000",
        "name": "Mara Lindqvist",
        "tier": "gold",
        "percentile": "99",
        "links_followed": "60",
        "clicks": "480",
        "orders": "14",
        "currency": "USD",
        "credited_revenue": "1720.18",
        "last_click_revenue": "600.00",
        "expected_4_weeks": "1024.00",
        "expected_low_80": "576.00",
        "expected_high_80": "1728.00",
        "advice": report.influencers[0].advice,
        "seen_on": "instagram 160; unknown 320",
    }
    unseen = rows(csv_sheet.influencers(a_report(influencers=(an_influencer(0, clicks=0),))))
    assert unseen[0]["seen_on"] == ""
    assert sum(round(float(row["credited_revenue"]) * 100) for row in found) == 421_850


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
    assert {source.name for source in compiler.sources()} == {"report.mjml", "empty.mjml"}
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
    for mail in (composed(), compose(an_empty_report(), TO, URL)):
        links = set(
            re.findall(r"""(?:href|src|action|url\()\s*=?\s*["']?([^"'\s>)]+)""", mail.html)
        )
        assert links == {URL}
        assert "data:" not in mail.html
        assert "<img" not in mail.html


def test_every_table_is_layout_that_says_so_or_data_with_headings() -> None:
    for mail in (composed(), compose(an_empty_report(), TO, URL)):
        body = re.sub(r"<!--.*?-->", "", mail.html, flags=re.S)
        pieces = body.split("<table")[1:]
        assert len(pieces) > 5
        for piece in pieces:
            assert 'role="presentation"' in piece.split(">")[0] or '<th scope="col"' in piece
