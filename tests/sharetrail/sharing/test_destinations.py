"""Where a link may lead, and what is added on the way."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.sharing.destinations import MAX_PASSED, BadDestination, check, leads_out, tagged
from sharetrail.sharing.link import Link
from sharetrail.web.address import MAX_LENGTH

HOSTS = ("shop.example", "localhost:8080")
GOOD = [
    "https://shop.example",
    "https://shop.example/",
    "https://SHOP.example/Path?q=1&r=%20#top",
    "https://shop.example:443/a/b;c=d",
    "https://shop.example?x",
    "https://shop.example/a[1]@b:c",
]
BAD = [
    "",
    "shop.example",
    "//shop.example/",
    "http://shop.example/",
    "HTTPS:/shop.example/",
    "https:shop.example",
    "https://shop.example:444/",
    "https://shop.example:/",
    "https://shop.example.",
    "https://shop.example@evil.example/",
    "https://user:pass@shop.example/",
    "https://shop.example\\.evil.example/",
    "https://evil.example\\@shop.example/",
    "https://evil.example#@shop.example/",
    "https://evil.example?@shop.example/",
    "https://shop.example%2eevil.example/",
    "https://shop.exam\u200bple/",
    "https://sh\u043ep.example/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://2130706433/",
    "https://shop.example/a b",
    "https://shop.example/a\tb",
    "https://shop.example/\n",
    " https://shop.example/",
    'https://shop.example/"onload=',
    "https://shop.example/<script>",
    "https://shop.example/{x}",
    "https://shop.example/`",
    "https://-shop.example/",
    "https://shop..example/",
    "javascript:alert(1)//https://shop.example/",
    "data:text/html,https://shop.example/",
    "https://shop.example/" + "a" * 2_048,
    "https://localhost:8080/",
]


@pytest.mark.parametrize("url", GOOD)
def test_the_shops_own_addresses_are_good(url: str) -> None:
    check(url, HOSTS, loopback=False)


@pytest.mark.parametrize("url", BAD)
@pytest.mark.parametrize("loopback", [False, True])
def test_anything_else_is_refused_on_every_stage(url: str, loopback: bool) -> None:
    with pytest.raises(BadDestination):
        check(url, HOSTS, loopback=loopback)


def test_plain_http_on_loopback_is_good_on_the_local_stage_alone() -> None:
    check("http://localhost:8080/shop/", HOSTS, loopback=True)
    for url in ("http://localhost:8080/shop/", "http://localhost:8080"):
        with pytest.raises(BadDestination):
            check(url, HOSTS, loopback=False)
    with pytest.raises(BadDestination):
        check("http://localhost:9090/", HOSTS, loopback=True)
    with pytest.raises(BadDestination):
        check("http://shop.example:8080/", (*HOSTS, "shop.example:8080"), loopback=True)


def query(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query)


def test_our_tags_win_over_the_addresss_and_the_visitors() -> None:
    url = tagged(
        "https://shop.example/p?utm_source=old&size=xl#top",
        {"st": "id", "utm_source": "x"},
        "st=forged&utm_source=forged&size=s&fbclid=abc",
    )
    assert query(url) == [("size", "xl"), ("fbclid", "abc"), ("st", "id"), ("utm_source", "x")]
    assert url.endswith("#top")


@pytest.mark.parametrize(
    "query",
    [
        "fbclid=" + "A" * 220,
        "&".join(f"p{n}=1" for n in range(30)),
        "preview",
        "a=&b=1",
        "q=%E9",
        "tags[]=1&tags[]=2",
        "a={b}|c^d`e\\f'g",
        "%C3%BCber=%2520+",
        "a=b=c?d/e@f",
    ],
)
def test_what_a_visitor_adds_is_passed_on_as_it_came(query: str) -> None:
    assert tagged("https://shop.example/", {"st": "id"}, query) == (
        f"https://shop.example/?{query}&st=id"
    )


TYPED = st.text(st.sampled_from("abcXYZ0189-._~!$'()*+,;=:@/?[]{}|^`\\%"), min_size=1, max_size=30)


@given(st.lists(TYPED, max_size=20))
def test_whatever_a_browser_leaves_in_a_query_comes_through_byte_for_byte(parts: list[str]) -> None:
    query = "&".join(parts)
    assert tagged("https://shop.example/p?x-y=1", {"st": "id"}, query) == (
        f"https://shop.example/p?x-y=1&{query}&st=id"
        if parts
        else "https://shop.example/p?x-y=1&st=id"
    )


def test_what_could_end_the_address_is_written_in_percent_signs() -> None:
    odd = 'a=b c&d="<e>"&f=#g&h=\r\nLocation:x&i=\u00e9&j=\ud800'
    assert tagged("https://shop.example/", {"st": "id"}, odd) == (
        "https://shop.example/?a=b%20c&d=%22%3Ce%3E%22&f=%23g&h=%0D%0ALocation:x&i=%C3%A9&j=?&st=id"
    )


def test_of_what_is_too_much_the_first_that_fits_is_passed_on() -> None:
    query = "&".join(["a=1", "b=" + "x" * MAX_PASSED, "c=1", *["d=" + "y" * 1_000] * 9])
    passed = tagged("https://shop.example/", {"st": "id"}, query)
    assert passed == f"https://shop.example/?a=1&c=1{('&d=' + 'y' * 1_000) * 4}&st=id"
    assert len(passed) < MAX_PASSED + 50


def test_the_largest_answer_fits_what_api_gateway_sends() -> None:
    tags = Link(
        code="0" * 10,
        merchant="m",
        influencer="i",
        url="",
        network="pinterest",
        campaign="\U0001f600" * 100,
        created_at=datetime(2026, 11, 2, tzinfo=UTC),
    ).tags("0" * 26)
    longest = "https://shop.example/".ljust(MAX_LENGTH, "a")
    location = tagged(longest, tags, "a=" + "<" * 20_000 + "&" + "b" * (MAX_PASSED - 2))
    assert "&utm_content=0000000000" in location
    assert len(location) < 8_000, "of 10,240 bytes of headers"


@pytest.mark.parametrize(
    "address", ["https://go.shop.example/0h1kv8s1q4", "https://GO.shop.example"]
)
def test_where_our_links_live_is_no_destination_whatever_a_profile_says(address: str) -> None:
    with pytest.raises(BadDestination):
        check(address, (*HOSTS, "go.shop.example"), loopback=False)
    assert not leads_out(address)


@pytest.mark.parametrize("host", ["xn--80aaxitdbjk.xn--p1ai", "shop.xn--fiqs8s", "a.xn--h2brj9c"])
def test_a_host_under_a_top_level_domain_of_another_script_is_good(host: str) -> None:
    check(f"https://{host}/p", (host,), loopback=False)
    assert leads_out(f"https://{host}/p")
