"""Whose page a referrer names: a host, or nothing."""

import ada_url
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharetrail.web.address import host_in, host_of


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://news.example?email=ann@x.example", "news.example"),
        ("https://ann:secret@news.example/", "news.example"),
        ("https://news.example#ann", "news.example"),
        ("https://www.instagram.com/", "www.instagram.com"),
        ("https://News.Example.:8443/a?b", "news.example"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("https://xn--80aaxitdbjk.xn--p1ai/", "xn--80aaxitdbjk.xn--p1ai"),
        ("https://new s.example/", ""),
        ("https://a@b@news.example/", ""),
        ("https://192.0.2.7/", ""),
        ("https://[2001:db8::7]/", ""),
        ("https://intranet/ann", ""),
        ("https://news.example\\@evil.example/", ""),
        ("https://" + "a" * 60 + ".example" * 40, ""),
        ("news.example", ""),
        ("about:client", ""),
        ("", ""),
    ],
)
def test_a_referrer_is_a_host_or_nothing(referrer: str, host: str) -> None:
    assert host_in(referrer) == host


PARTS = st.sampled_from(
    ["https", "http", "://", "ann", ":", "@", "news", ".", "example", "/", "?", "#", "8443", "-"]
)


@settings(max_examples=2_000)
@given(st.lists(PARTS, max_size=12).map("".join) | st.text(max_size=30).map("https://{}".format))
def test_what_is_told_of_a_referrer_is_the_host_that_a_browser_reads(referrer: str) -> None:
    if host := host_in(referrer):
        assert ada_url.URL(referrer).hostname.rstrip(".") == host


@pytest.mark.parametrize("host", ["shop.xn--", "xn--p1ai", "shop.xn--p1ai-", f"a.xn--{'b' * 60}"])
def test_a_top_level_domain_of_another_script_has_the_form_of_one(host: str) -> None:
    assert host_of(f"https://{host}/", loopback=False) is None
