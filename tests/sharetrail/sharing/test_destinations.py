"""Where a link may lead, and what is added on the way."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from sharetrail.sharing.destinations import BadDestination, check, tagged

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


def test_a_visitors_odd_parameters_are_not_passed_on() -> None:
    odd = "a%0d%0aLocation:=x&" + "b=" + "y" * 201 + "&<c>=1&ok=%3Cscript%3E"
    assert query(tagged("https://shop.example/", {}, odd)) == [("ok", "<script>")]
    assert tagged("https://shop.example/", {"st": "id"}, "&".join(["x=1"] * 50)).endswith("?st=id")
