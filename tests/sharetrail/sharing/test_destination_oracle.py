"""Where a link may lead, against Ada: the parser of addresses that browsers and Node agree with.

Every address is read as a browser reads a Location header, relative to the page that sent it.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import ada_url
import pytest
from hypothesis import Phase, example, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from sharetrail.sharing.destinations import BadDestination, check, tagged
from sharetrail.web.address import MAX_LENGTH, host_of

HOSTS = {"shop.example"}
REDIRECT = "https://go.example/abcde12345"

# Read by a browser as something other than the shop: another host, scheme or port, somebody's
# credentials, or nothing at all. The first test holds Ada to that.
ELSEWHERE = [
    # who asks: everything before @ is a name
    "https://shop.example@evil.example/",
    "https://shop.example:443@evil.example/",
    "https://shop.example:443@evil",
    "https://shop.example%2f@evil.example/",
    "https://shop.example;@evil.example/",
    "https://shop.example&@evil.example#@shop.example/",
    "https://user@shop.example/",
    "https://user:pass@shop.example/",
    "https://:pass@shop.example/",
    "https://shop.example@shop.example/",
    "https://a@b@shop.example/",
    "https://@evil.example@shop.example/",
    "https://evil.example%40@shop.example/",
    # the shop's name where a browser has finished reading the host
    "https://evil.example?@shop.example/",
    "https://evil.example#@shop.example/",
    "https://evil.example/@shop.example/",
    "https://evil.example\\@shop.example/",
    "https://evil.example\\.shop.example/",
    "https://evil.example:443\\@shop.example/",
    "https://evil.example/\\shop.example/",
    "https://evil.example?https://shop.example/",
    "https://evil.example#https://shop.example/",
    "https://evil.example/https://shop.example/",
    "https://evil.example\t?@shop.example/",
    "https://ev\nil.example/#shop.example",
    # neighbours of the name
    "https://shop.example.evil.example/",
    "https://evilshop.example/",
    "https://shop-example/",
    "https://www.shop.example/",
    "https://example/",
    "https://shop.example./",
    "https://shop..example/",
    "https://.shop.example/",
    "https://-shop.example/",
    "https://shop.example%2eevil.example/",
    "https://shop.example%2500/",
    "https://shop.example%00.evil.example/",
    "https://shop.example\0.evil.example/",
    "https://shop.example .evil.example/",
    "https://shop.example\u00a0.evil.example/",
    # letters that look alike
    "https://sh\u043ep.example/",
    "https://\u0455hop.example/",
    "https://shop.ex\u0430mple/",
    "https://shop.examp\u0131e/",
    "https://sh\u00f6p.example/",
    "https://shop.exampl\u212f\u0301/",
    "https://xn--shp-tlc.example/",
    "https://shop\u2024example\u2044@evil.example/",
    "https://shop.example\uff0fevil.example/",
    "https://shop.example\uff03.evil.example/",
    "https://shop.example\u2100.evil.example/",
    "https://shop.example\u3002evil.example/",
    "https://evil\u3002example/",
    "https://evil\uff0eexample/",
    "https://evil\uff61example/",
    # numbers
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.1/",
    "https://\u2460\u2461\u2466.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://[::1%25eth0]/",
    "https://0/",
    # ports
    "https://shop.example:444/",
    "https://shop.example:80/",
    "https://shop.example:8443/",
    "https://shop.example:0/",
    "https://shop.example:65536/",
    "https://shop.example:443443/",
    "https://shop.example:-443/",
    "https://shop.example:4 43/",
    "https://shop.example:\uff14\uff14\uff13/",
    # schemes
    "http://shop.example/",
    "HTTP://shop.example/",
    "ftp://shop.example/",
    "ws://shop.example/",
    "wss://shop.example/",
    "file://shop.example/",
    "filesystem:https://shop.example/",
    "view-source:https://shop.example/",
    "intent://shop.example/#Intent;scheme=https;end",
    "blob:https://shop.example/8a7c",
    "data:text/html,https://shop.example/",
    "data:text/html;base64,PHNjcmlwdD4=#https://shop.example/",
    "javascript:alert(1)//https://shop.example/",
    "JaVaScRiPt:alert(1)//shop.example",
    "java\tscript:alert(1)//https://shop.example/",
    "javascript://shop.example/%0aalert(1)",
    "\x01javascript:alert(1)",
    "vbscript:msgbox(1)",
    "mailto:a@shop.example",
    "https//shop.example/",
    "https;//shop.example/",
    "https\uff1a//shop.example/",
    "htt\u0440s://shop.example/",
    "httpss://shop.example/",
    # relative to the page that redirects
    "",
    "/",
    "#https://shop.example/",
    "?https://shop.example/",
    "shop.example",
    "shop.example/",
    "/shop.example/",
    "https:shop.example",
    "https:/shop.example\u2044@evil.example",
    "//evil.example/",
    "///evil.example/",
    "\\\\evil.example/",
    "/\\evil.example/",
    "\\/evil.example/",
    "/\t/evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example\\",
    "https:///evil.example/",
    "https://",
    "https:///",
    "https://?shop.example",
    "https://#shop.example",
    "https://%20/",
    f"https://{'a' * 64}.shop.example/",
    f"https://{'shop.example.' * 100}evil.example/",
]

# Read by a browser as the shop, once it has mended them. Who mends otherwise is led elsewhere.
MENDED = [
    "https:///shop.example/",
    "https:////shop.example/",
    "https:\\\\shop.example\\",
    "https:\\/shop.example/",
    "https:/\\shop.example/",
    "https://\\shop.example/",
    "//shop.example/",
    "\\\\shop.example/",
    "/\\shop.example/",
    "https://@shop.example/",
    "https://:@shop.example/",
    "https://shop.example:/",
    "https://shop.example:0443/",
    "https://shop.example\\",
    "https://shop.example\\@evil.example/",
    "https://shop.example\\.evil.example/",
    "https://shop.exam\u200bple/",
    "https://shop.exam\u00adple/",
    "https://shop.exam\u2060ple/",
    "https://shop\ufe0f.example/",
    "https://shop\u3002example/",
    "https://shop\uff0eexample/",
    "https://shop\uff61example/",
    "https://\uff53\uff48\uff4f\uff50.example/",
    "https://\U0001d4fc\U0001d4f1\U0001d4f8\U0001d4f9.example/",
    "https://\u017fhop.example/",
    "https://shop.e\u2179ample/",
    "https://%73hop.example/",
    "https://shop%2eexample/",
    "https://shop%E3%80%82example/",
    "ht\ntps://shop.example/",
    "ht\ttps://shop.example/",
    "https:\n//shop.example/",
    "https://sh\top.example/",
    "https://sh\rop.example/",
    "https://shop.example\n/",
    "https://shop.example/\n",
    "https://shop.example/\r\nSet-Cookie: a=b",
    "https://shop.example/a\tb",
    "https://shop.example/a b",
    "https://shop.example/\0",
    "https://shop.example/\x7f",
    "https://shop.example/\u00a0",
    "https://shop.example/caf\u00e9",
    "https://shop.example/\u017f\u212a",
    "https://shop.example/\u202egro.live",
    "https://shop.example/\u2028",
    "https://shop.example/a\\..\\b",
    'https://shop.example/"onload=',
    "https://shop.example/<script>",
    "https://shop.example/{x}",
    "https://shop.example/a|b",
    "https://shop.example/a^b",
    "https://shop.example/`id`",
    " https://shop.example/",
    "\thttps://shop.example/",
    "\x00https://shop.example/",
    "\x1fhttps://shop.example/",
    "https://shop.example/ ",
]

# Nothing wrong with them, however they look: what follows the host names no other.
THE_SHOP = [
    "https://shop.example",
    "https://shop.example/",
    "HTTPS://SHOP.EXAMPLE/",
    "https://shop.example:443/",
    "https://shop.example?@evil.example/",
    "https://shop.example#@evil.example/",
    "https://shop.example/@evil.example/",
    "https://shop.example/;@evil.example",
    "https://shop.example//evil.example/",
    "https://shop.example/https://evil.example/",
    "https://shop.example/?next=//evil.example",
    "https://shop.example/?a=b;c=d&e[]=f",
    "https://shop.example/../../evil.example",
    "https://shop.example/%2f%2fevil.example",
    "https://shop.example/%0d%0aLocation:%20//evil.example",
    "https://shop.example/%",
    "https://shop.example/#a#b?c",
    "https://shop.example/#javascript:alert(1)",
]


def reads_as_the_shop(url: str) -> bool:
    try:
        read = ada_url.URL(url, base=REDIRECT)
    except ValueError:
        return False
    whole = (read.protocol, read.hostname, read.port, read.username, read.password)
    return whole == ("https:", "shop.example", "", "", "")


def briefly(url: str) -> str:
    return ascii(url)[1:60]


def is_accepted(url: str) -> bool:
    try:
        check(url, HOSTS, loopback=False)
    except BadDestination:
        return False
    return True


@pytest.mark.parametrize("url", ELSEWHERE, ids=briefly)
def test_what_leads_elsewhere_is_refused(url: str) -> None:
    assert not reads_as_the_shop(url)
    assert not is_accepted(url)
    assert host_of(url, loopback=True) not in HOSTS


@pytest.mark.parametrize("url", MENDED, ids=briefly)
def test_what_a_browser_must_mend_is_refused(url: str) -> None:
    assert reads_as_the_shop(url)
    assert not is_accepted(url)


@pytest.mark.parametrize("url", THE_SHOP, ids=briefly)
def test_what_is_accepted_is_the_shop_to_a_browser_too(url: str) -> None:
    assert is_accepted(url)
    assert reads_as_the_shop(url)


@pytest.mark.parametrize("again", ["a", "?a=b", "//", "%2f", "a.", "-", "[", "#"])
def test_a_very_long_address_is_refused_however_it_goes_on(again: str) -> None:
    for begin in ("https://shop.example/", "https://shop.example", "https://"):
        assert not is_accepted(begin + again * 100_000)
    assert is_accepted(f"https://shop.example/{'a' * (MAX_LENGTH - 21)}")
    assert not is_accepted(f"https://shop.example/{'a' * (MAX_LENGTH - 20)}")


# ── None escapes the allow-list ──────────────────────────────────────────────────────────────────
SCHEMES = [
    "https://",
    "https://",
    "https:",
    "https:/",
    "https:\\\\",
    "HTTPS://",
    "http://",
    "//",
    "",
]
NAMES = ["shop.example", "SHOP.example", "evil.example", "[::1]", "0x7f.1", "sh\u043ep.example"]
MARKS = "/\\?#@:;&=%.,~[]|<>\"'` \t\r\n\0\x7fast0123458"
ODD = "\u00a0\u00ad\u017f\u200b\u2024\u2044\u3002\uff0e\uff0f\uff20\uff23\U0001d4fc"
WORDS = [
    ":443",
    ":443@",
    ":80",
    "%2f",
    "%40",
    "%2e",
    "%5c",
    "%00",
    "..",
    "://",
    "javascript:",
    "\\@",
]
BETWEEN = st.text(MARKS + ODD, max_size=3) | st.sampled_from(WORDS)
ADDRESSES = st.one_of(
    st.text(max_size=40),
    st.tuples(
        st.sampled_from(SCHEMES),
        BETWEEN,
        st.sampled_from(NAMES),
        BETWEEN,
        st.sampled_from(["", *NAMES]),
        BETWEEN,
    ).map("".join),
    BETWEEN.map("https://shop.example{}".format),
    st.text(MARKS, max_size=40).map("https://shop.example/{}".format),
)


@settings(max_examples=2_000, deadline=None)
@given(ADDRESSES)
def test_none_escapes_the_allow_list(url: str) -> None:
    assert not is_accepted(url) or reads_as_the_shop(url)


def is_accepted_by_urllib(url: str) -> bool:
    try:
        read = urlsplit(url)
        return (read.scheme, read.hostname, read.port) == ("https", "shop.example", None)
    except ValueError:
        return False


@pytest.mark.parametrize(
    "reached",
    [
        lambda url: is_accepted_by_urllib(url) and not reads_as_the_shop(url),
        lambda url: is_accepted(url) and len(url) > len("https://shop.example/"),
        lambda url: not is_accepted(url) and reads_as_the_shop(url),
    ],
    ids=["escapes from urllib", "is the shop", "is mended"],
)
def test_the_fuzz_reaches_what_matters(reached: Callable[[str], bool]) -> None:
    """Any address that gets there will do: none is made smaller."""
    once = settings(max_examples=20_000, database=None, derandomize=True, phases=[Phase.generate])
    try:
        find(ADDRESSES, reached, settings=once)
    except NoSuchExample:
        pytest.fail("the fuzz proves nothing: it never gets there")


# ── Our tags ─────────────────────────────────────────────────────────────────────────────────────
TAGS = {"st": "0123456789abc", "utm_source": "instagram", "utm_campaign": "über & unter #1"}
PLAIN = st.text("abtsABZ019-._~!$&'()*+,;=:@/?%[]#", max_size=40)
GOOD = st.builds(
    "{}{}".format,
    st.sampled_from(["https://shop.example", "https://SHOP.example:443"]),
    st.just("") | st.builds("{}{}".format, st.sampled_from("/?#"), PLAIN),
)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
IN_A_HEADER = re.compile(r"[!#-;=?-~]+")
"""Printable ASCII that ends neither a header nor an attribute."""
QUERIES = st.one_of(
    ANY_TEXT,
    st.text("abst=&;%#+.[]\\012345def", max_size=60),
    st.lists(st.sampled_from(["st=1", "%73t=2", "utm_source", "a=%ed%a0%80", "&", "&b=c&"])).map(
        "&".join
    ),
)


@settings(max_examples=1_000, deadline=None)
@given(GOOD, QUERIES)
@example("https://shop.example/", "a=\ud800")
def test_tags_change_nothing_but_the_query(url: str, visitor_query: str) -> None:
    result = tagged(url, TAGS, visitor_query)
    before, after = (ada_url.URL(address, base=REDIRECT) for address in (url, result))
    assert reads_as_the_shop(result)
    assert IN_A_HEADER.fullmatch(result)
    assert (after.origin, after.pathname, after.hash) == (
        before.origin,
        before.pathname,
        before.hash,
    )


@settings(max_examples=1_000, deadline=None)
@given(GOOD, QUERIES)
@example("https://shop.example/?%73t=forged", "")
@example("https://shop.example/?utm%5Fsource=forged", "")
def test_a_browser_finds_our_tags_once_and_whole(url: str, visitor_query: str) -> None:
    found = ada_url.URLSearchParams(ada_url.URL(tagged(url, TAGS, visitor_query)).search)
    for name, value in TAGS.items():
        assert found.get_all(name) == [value]


@given(QUERIES)
@example("fbclid=forged")
def test_a_visitor_never_overrides_what_the_address_says(visitor_query: str) -> None:
    url = tagged("https://shop.example/?a=b&%66bclid=1", TAGS, visitor_query)
    found = ada_url.URLSearchParams(ada_url.URL(url).search)
    assert (found.get_all("a"), found.get_all("fbclid")) == (["b"], ["1"])
