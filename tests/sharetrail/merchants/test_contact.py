"""Two ways to write an address are one person's or two people's, as mail systems have it."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sharetrail.merchants import contact
from sharetrail.merchants.contact import DeliveryAddress, as_written, mailbox_of

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=8)
NAMES = st.text("abcxyz019", min_size=1, max_size=8)
SEPARATORS = st.sampled_from([" ", "  ", ", ", ". ", " - ", "\t", "/ "])


# ── e-mail ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "email",
    [
        "ana@gmail.com",
        " Ana@Gmail.com ",
        "ana+1@gmail.com",
        "a.n.a@gmail.com",
        "ana@googlemail.com",
        "A.Na+shop+2@GoogleMail.com",
        "ａｎａ@gmail.com",
    ],
)
def test_gmail_delivers_all_of_these_to_one_mailbox(email: str) -> None:
    assert mailbox_of(email) == "ana@gmail.com"


@pytest.mark.parametrize("host", ["shop.example", "yahoo.com", "gmx.de", "gmail.com.example"])
def test_elsewhere_a_dot_and_a_plus_tell_people_apart(host: str) -> None:
    written = [f"{name}@{host}" for name in ("ana", "a.na", "ana+1")]
    assert list(map(mailbox_of, written)) == written


@pytest.mark.parametrize(
    "host", ["outlook.com", "hotmail.com", "fastmail.com", "proton.me", "pm.me"]
)
def test_providers_that_drop_a_tag_keep_the_dots(host: str) -> None:
    assert mailbox_of(f"a.na+shop@{host}") == f"a.na@{host}"


def test_a_providers_domains_are_one_only_where_it_says_so() -> None:
    assert mailbox_of("ana@outlook.com") != mailbox_of("ana@hotmail.com")


def test_a_domain_in_unicode_and_its_ascii_form_are_one() -> None:
    assert mailbox_of("ana@Müller.example") == mailbox_of("ana@xn--mller-kva.example")


@pytest.mark.parametrize(
    "odd", ["", "ana", "@gmail.com", "+@gmail.com", "..@gmail.com", "a@", "a@.."]
)
def test_what_is_no_address_is_left_as_it_is(odd: str) -> None:
    assert mailbox_of(odd) == odd


@given(NAMES, st.lists(st.integers(0, 8)), NAMES)
def test_however_gmail_is_written_it_is_one_mailbox(name: str, dots: list[int], tag: str) -> None:
    dotted = "".join(f".{sign}" if n in dots and n else sign for n, sign in enumerate(name))
    assert mailbox_of(f"{dotted.upper()}+{tag}@googlemail.com") == mailbox_of(f"{name}@gmail.com")


@given(st.lists(st.sampled_from(["ana", "a.na", "an.a", "ana+x", "anab"]), min_size=2, unique=True))
def test_people_of_a_host_that_says_nothing_stay_apart(names: list[str]) -> None:
    assert len({mailbox_of(f"{name}@mail.example") for name in names}) == len(names)


@given(st.text(max_size=20), st.sampled_from(["gmail.com", "googlemail.com", "pm.me"]) | st.text())
def test_a_mailbox_is_its_own_mailbox(name: str, domain: str) -> None:
    mailbox = mailbox_of(f"{name}@{domain}")
    assert mailbox_of(mailbox) == mailbox


def test_as_written_is_what_was_compared_before() -> None:
    assert as_written(" A.Na+1@GoogleMail.com ") == "a.na+1@googlemail.com"


def test_each_provider_is_there_for_what_its_own_documentation_says() -> None:
    lines = Path(contact.__file__).with_name("mailboxes.txt").read_text("utf-8").splitlines()
    for _, passes_over, domains, source in (line.split("|") for line in lines):
        assert {*passes_over.split()} <= {"dots", "tag"}
        assert domains.split()
        assert '"' in source


# ── where parcels go ─────────────────────────────────────────────────────────────────────────────
def a_house(*lines: str, **more: str) -> str | None:
    where = {"postcode": "10115", "city": "Berlin", "country": "DE", **more}
    return DeliveryAddress(lines=lines or ("Musterweg 2",), **where).compared


@pytest.mark.parametrize(
    "other",
    [
        a_house("MUSTERWEG 2"),
        a_house("Muster-Weg 2,", ""),
        a_house("Musterweg", "2"),
        a_house("  Musterweg   2. "),
        a_house("Ｍusterweg ２"),
        a_house("Muster\u200bweg 2"),
        a_house(postcode="10 115"),
        a_house(postcode="101-15"),
        a_house(city="Berlin-Mitte"),
        a_house(country="de"),
    ],
)
def test_a_house_is_the_same_however_it_is_written(other: str | None) -> None:
    assert other == a_house()


@pytest.mark.parametrize(
    "other",
    [
        a_house("Musterweg 3"),
        a_house("Musterweg 2", "1"),
        a_house("Musterweg 21"),
        a_house("Mustergasse 2"),
        a_house(postcode="10117"),
        a_house(country="AT"),
        a_house(postcode="", city="Berlin"),
    ],
)
def test_another_house_is_another(other: str | None) -> None:
    assert other
    assert other != a_house()


def test_two_numbers_stay_two() -> None:
    assert a_house("1 23 Main Street") != a_house("12 3 Main Street")
    assert a_house("Apt 1", "23 Main") != a_house("Apt 12", "3 Main")


def test_an_invisible_sign_divides_nothing() -> None:
    assert a_house("Musterweg 1\u200b2") == a_house("Musterweg 12")


def test_the_city_tells_houses_apart_where_there_is_no_postcode() -> None:
    assert a_house(postcode="", city="Cork") != a_house(postcode="", city="Dublin")
    assert a_house(postcode="", city="ＣORK ") == a_house(postcode="", city="Cork")


@pytest.mark.parametrize("lines", [(), ("", " "), ("-", "…")])
def test_without_a_line_it_is_no_address(lines: tuple[str, ...]) -> None:
    assert DeliveryAddress(lines=lines, postcode="10115", country="DE").compared is None


def test_without_postcode_and_city_it_is_no_address() -> None:
    assert a_house(postcode="-", city=" ") is None


def test_its_text_is_not_in_what_a_log_would_show() -> None:
    house = DeliveryAddress(lines=("Musterweg 2",), postcode="10115", city="Berlin", country="DE")
    assert repr(house) == "DeliveryAddress()"


@given(st.lists(LETTERS | st.integers(1, 9_999).map(str), min_size=1, max_size=5), st.data())
def test_blanks_signs_case_and_lines_change_no_house(words: list[str], data: st.DataObject) -> None:
    between = [data.draw(SEPARATORS) for _ in words]
    written = "".join(f"{word}{sign}" for word, sign in zip(words, between, strict=True))
    cut = data.draw(st.integers(0, len(words)))
    in_two = (" ".join(words[:cut]), " ".join(words[cut:]))
    assert a_house(written.title()) == a_house(*in_two) == a_house(" ".join(words).upper())


@given(st.lists(st.integers(1, 9_999), min_size=2, max_size=2, unique=True), LETTERS)
def test_another_number_is_another_house(numbers: list[int], street: str) -> None:
    one, other = (a_house(f"{street} {number}") for number in numbers)
    assert one != other


@example("a\u00a8 1", "", "a")  # a mark comes to the letter before it
@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_what_is_compared_compares_as_itself(line: str, postcode: str, city: str) -> None:
    compared = a_house(line, postcode=postcode, city=city, country="")
    if compared:
        lines, code, town, _ = compared.split("\n")
        assert a_house(lines, postcode=code, city=town, country="") == compared
