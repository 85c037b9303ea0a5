"""What names from outside are shown as; npm's linkifiers and libphonenumber are the oracles of what
a mail program would make a link of."""

import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharetrail.words.names import (
    NAME_LENGTH,
    SHORT_LENGTH,
    in_sentence,
    name,
    own_name,
    short,
)
from tests import npm

Find = Callable[[str], list[str]]

ASK = """
const linkify = require("linkify-it")().tlds(require("tlds")).set({fuzzyIP: true});
const find = require("linkifyjs").find;
const {findPhoneNumbersInText} = require("libphonenumber-js");
const COUNTRIES = ["US", "DE", "GB", "IN", "CN", "FR"];
const links = (text) => [
  ...(linkify.match(text) || []).map((each) => each.raw),
  // A bare `localhost` is no stranger's.
  ...find(text).map((each) => each.value).filter((each) => !/^localhost/i.test(each)),
  ...COUNTRIES.flatMap((country) => findPhoneNumbersInText(text, country).map(
    ({number, startsAt, endsAt}) => [text.slice(startsAt, endsAt), number.ext || ""]
  )).filter(([called, extension]) => digits(called) - digits(extension) >= 7).flat(),
];
// Six digits could be called in a German town; programs link from seven on, as we part them.
const digits = (number) => number.replace(/\\P{Nd}/gu, '').length;
require("readline").createInterface({input: process.stdin}).on("line", (line) =>
  console.log(JSON.stringify(links(JSON.parse(line)))));
"""
PEERS = {
    "linkify-it": "5.0.0",
    "uc.micro": "2.1.0",
    "tlds": "1.255.0",
    "linkifyjs": "4.3.2",
    "libphonenumber-js": "1.12.9",
}


@pytest.fixture(scope="module")
def links_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Find]:
    """All that any of three programs would link in a text."""
    modules = tmp_path_factory.mktemp("modules")
    for package, version in PEERS.items():
        (modules / package).symlink_to(npm.unpacked(package, version))
    node = [npm.program("node"), "-e", ASK]
    with subprocess.Popen(
        node,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"NODE_PATH": str(modules), "PATH": str(Path(node[0]).parent)},
    ) as peers:
        assert peers.stdin
        assert peers.stdout
        asked, told = peers.stdin, peers.stdout

        def find(text: str) -> list[str]:
            asked.write(json.dumps(text) + "\n")
            asked.flush()
            return [str(each) for each in json.loads(told.readline())]

        yield find
        asked.close()


# ── What stays, and what becomes of the rest ─────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "honest",
    [
        "Ana López",
        "St. John",
        "3.5 mm jack, 3.5mm",
        "Dr. Müller GmbH & Co. KG",
        "Order #1042",
        "“Mr. Bean” mug (12 oz.)",
        "Open till 18:30",
        "TR-808 / Juno-106",
        "Smile :) c/o Ana",
        "100 x 200 cm",
        "N°5 – 50 ml…",
        "Twitch (other)",
        "/products/gull-mug",
        "می\u200cروم",
        "क\u094d\u200dष",
        "שָׁלוֹם",
        "Hộ Chí Minh",
        "👩\u200d💻 👍🏽 🇩🇪",
        "❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
    ],
)
def test_an_honest_name_is_shown_as_it_is(honest: str) -> None:
    assert name(honest) == honest


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ('<b>"Ana"</b>@shop', "bAna/bshop"),
        ("Ana\r\nBcc: x", "Ana Bcc: x"),
        ("  Ana \u2028 B ", "Ana B"),
        ("\ud800Ana", "Ana"),
        ("", "(no name)"),
        ("\u200d\u0000@", "(no name)"),
        ("Ana\u202eevil\u2066", "Anaevil"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0065\U000e0076", "tag"),
        ("\u115f\u1160\u3164\uffa0\u2800", "(no name)"),
        ("so\u00adft\u2060\u180e\u034f\ufe0f", "soft"),
        ("evil\u200d\u200c", "evil"),
        ("Z" + "\u0301\u0316" * 30 + "algo", "Ź\u0316\u0316\u0316algo"),
        ("\u0338struck", "struck"),
        ("x\u20dd\u20e0", "x"),
        ("+\ufe0f+\u200d+", "+++"),
    ],
)
def test_what_cannot_be_seen_is_not_shown(given: str, shown: str) -> None:
    assert name(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Node.js mug", "Node·js mug"),
        ("evil.com", "evil·com"),
        ("www.evil.com", "www·evil·com"),
        ("https://evil.com/a?b=c", "https/evil·com/a?b=c"),
        ("//localhost", "/localhost"),
        ("localhost:8080", "localhost: 8080"),
        ("ana@evil.com", "anaevil·com"),
        ("mailto:ana", "mailto: ana"),
        ("evil\u3002com evil\uff0ecom", "evil·com evil·com"),
        ("evil\uff61com evil\u2024com", "evil·com evil·com"),
        ("evil\u200d.\u200dcom", "evil·com"),
        ("1.2.3.4", "1·2·3·4"),
        ("mailto:\u0301x", "mailto: x"),
        ("+1 (555) 123-4567", "+1·555·123·4567"),
        ("tel:08005550123", "tel: 080·055·501·23"),
    ],
)
def test_an_address_is_parted(given: str, shown: str) -> None:
    assert name(given) == shown


def test_the_merchants_own_name_keeps_its_dot() -> None:
    assert own_name("Linen.com") == "Linen.com"
    assert own_name("Linen\u202e.com\u200b") == "Linen.com"


def test_a_name_is_cropped_to_sixty_characters() -> None:
    assert name("x" * 60) == "x" * 60
    assert name("x" * 61) == "x" * 59 + "…"
    assert name("👩\u200d" * 60).endswith("👩…")


# ── Whatever anybody writes ──────────────────────────────────────────────────────────────────────
PIECES = (
    "evil com . www. http https :// // : @ / mailto: tel: ftp:// 1 22 555 0800 + - ( ) a.b io é ☃ "
    "xn-- _ ~ ? # & = % ; , ' * ! [ ] { } \\ localhost co.uk .zip 。 ． ｡ ․ ﹒ ｃｏｍ ： ／ · … "
    "中文 👩 \ufe0f \u20e3 \u200d \u200c \u202e \u2800 \u3164 \u0301 \u094d \u00ad ٠١٢"
)
SPACED = st.sampled_from([*PIECES.split(), " ", "\u00a0", "\n"])
TEXTS = st.one_of(st.lists(SPACED, max_size=14).map("".join), st.text(max_size=80))

UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0"
    "\U000e0000-\U000e0fff]"
)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_no_name_holds_what_one_cannot_see(text: str) -> None:
    for shown in (name(text), own_name(text)):
        assert 0 < len(shown) <= NAME_LENGTH
        assert not UNSEEN.search(shown)
        assert not re.search('[<>"@\n\r\t]', shown)
        unjoined = shown.replace("\u200d", "").replace("\u200c", "")
        kinds = {unicodedata.category(letter) for letter in unjoined}
        assert kinds.isdisjoint({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
        assert not re.search("[\u200c\u200d\ufe0f]{3}", shown)
        assert not re.search("[\u0300-\u036f]{4}", shown)
        assert not re.search("[0-9A-Za-z.][\u200c\u200d]", shown)
    assert name(name(text)) == name(text)


@settings(max_examples=1_000, deadline=None)
@given(TEXTS)
def test_no_mail_program_finds_an_address_in_a_name(links_in: Find, text: str) -> None:
    assert links_in(name(text)) == [], text


def test_the_oracles_see_what_they_are_asked_for(links_in: Find) -> None:
    for link in ("evil.com", "http://x.io", "a@b.co", "//localhost", "1.2.3.4", "+1 212 555 0123"):
        assert links_in(f"see {link} now"), link


# ── Where there is little room ───────────────────────────────────────────────────────────────────
@given(st.text())
def test_a_short_name_is_the_beginning_of_the_name(text: str) -> None:
    shown, whole = short(text), name(text)
    assert len(shown) <= SHORT_LENGTH
    assert shown == whole if len(whole) <= SHORT_LENGTH else whole.startswith(shown[:-1])


def test_a_name_within_a_sentence_is_isolated_only_where_it_is_written_from_right_to_left() -> None:
    assert in_sentence("Ana Oliveira") == "Ana Oliveira"
    assert in_sentence("نور") == "\u2068نور\u2069"
    assert in_sentence("\u2069\u202eנועה") == "\u2068נועה\u2069"
