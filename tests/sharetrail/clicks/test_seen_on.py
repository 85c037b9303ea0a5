"""Where a click says that its link was seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.clicks.seen_on import _NETWORK_OF, network_of
from sharetrail.sharing.networks import NETWORKS
from tests.shops import BROWSER, PHONE

_IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
)
_WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 15; SM-S921B Build/AP3A; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36"
)
_OF_FACEBOOK = (
    "[FBAN/FB4A;FBAV/567.1.0.52.74;FBLC/de_DE;FBCR/{carrier};FBMF/samsung;FBDV/{model};FBSV/16]"
)


@pytest.mark.parametrize(
    ("referrer", "network"),
    [
        ("www.facebook.com", "facebook"),
        ("l.facebook.com", "facebook"),
        ("lm.facebook.com", "facebook"),
        ("m.facebook.com:443", "facebook"),
        ("fb.me", "facebook"),
        ("l.messenger.com", "facebook"),
        ("com.facebook.katana", "facebook"),
        ("com.facebook.orca", "facebook"),
        ("t.co", "x"),
        ("x.com", "x"),
        ("mobile.twitter.com", "x"),
        ("com.twitter.android", "x"),
        ("www.instagram.com", "instagram"),
        ("l.instagram.com", "instagram"),
        ("com.instagram.android", "instagram"),
        ("l.threads.net", "threads"),
        ("www.threads.com", "threads"),
        ("com.instagram.barcelona", "threads"),
        ("vm.tiktok.com", "tiktok"),
        ("m.youtube.com", "youtube"),
        ("youtu.be", "youtube"),
        ("www.pinterest.de", "pinterest"),
        ("pinterest.co.uk", "pinterest"),
        ("pin.it", "pinterest"),
        ("out.reddit.com", "reddit"),
        ("www.linkedin.com", "linkedin"),
        ("lnkd.in", "linkedin"),
        ("com.linkedin.android", "linkedin"),
        ("web.whatsapp.com", "whatsapp"),
        ("wa.me", "whatsapp"),
        ("t.me", "telegram"),
        ("web.telegram.org", "telegram"),
        ("org.telegram.messenger", "telegram"),
        ("go.bsky.app", "bluesky"),
        ("www.snapchat.com", "snapchat"),
        ("mail.google.com", "email"),
        ("outlook.live.com", "email"),
        ("com.google.android.gm", "email"),
        ("messages.google.com", "sms"),
        ("com.slack", "other"),
        ("WWW.Facebook.COM.", "facebook"),
    ],
)
def test_a_referrer_says_its_network(referrer: str, network: str) -> None:
    assert network_of(referrer, PHONE) == network


@pytest.mark.parametrize(
    ("agent", "network"),
    [
        (f"{_IN_APP} [FBAN/FBIOS;FBAV/520.0.0;FBCR/;FBDV/iPhone15,2]", "facebook"),
        (f"{_WEBVIEW} [FB_IAB/FB4A;FBAV/520.0.0.38.73;]", "facebook"),
        (f"{_WEBVIEW} [FB_IAB/Orca-Android;FBAV/520.0.0.38.73;]", "facebook"),
        (f"{_IN_APP} Instagram 334.0.4.32.98 (iPhone15,2; iOS 18_5; en_US)", "instagram"),
        (f"{_IN_APP} Barcelona 340.0.0 (iPhone15,2; iOS 18_5; en_US)", "threads"),
        (f"{_WEBVIEW} trill_2022803040 AppName/musical_ly BytedanceWebview/d8a21c6", "tiktok"),
        (f"{_IN_APP} musical_ly_38.5.0 JsSdk/2.0 BytedanceWebview/d8a21c6", "tiktok"),
        (f"{_IN_APP} Snapchat/13.20.0.40 (like Safari/8620.1.16, panda)", "snapchat"),
        (f"{_IN_APP} [Pinterest/iOS]", "pinterest"),
        (f"{_IN_APP} [LinkedInApp]/9.30.2461", "linkedin"),
        (f"{_IN_APP} Twitter for iPhone/10.60", "x"),
        (f"{_WEBVIEW} TwitterAndroid", "x"),
        (f"{_WEBVIEW} Telegram-Android/11.2.3 (Google Pixel 9; Android 15)", "telegram"),
        (f"{_IN_APP} WhatsApp/2.25.24", "whatsapp"),
        (f"{_IN_APP} Safari Line/15.1.1", "other"),
        (f"{_WEBVIEW} MicroMessenger/8.0.50 NetType/WIFI", "other"),
        (PHONE, None),
        (BROWSER, None),
        ("", None),
    ],
)
def test_an_in_app_browser_says_its_network(agent: str, network: str | None) -> None:
    assert network_of("", agent) == network


def test_an_app_counts_before_what_its_browser_shows() -> None:
    assert network_of("t.co", f"{_IN_APP} [FBAN/FBIOS;FBAV/520.0.0]") == "facebook"


@pytest.mark.parametrize("carrier", ["Instagram 5", "Line/9", "TikTok 2", "NL KPN"])
def test_a_carriers_or_a_phones_name_is_no_network(carrier: str) -> None:
    assert network_of("", _OF_FACEBOOK.format(carrier=carrier, model="Reddit/1")) == "facebook"
    assert network_of("", _WEBVIEW.replace("SM-S921B", carrier)) is None


@pytest.mark.parametrize(
    "referrer",
    [
        "facebook.com.evil.example",
        "notfacebook.com",
        "facebook.co",
        "netflix.com",
        "xt.co",
        "facebook.com@evil.example",
        "pinterest.evil.example",
        "com.facebook",
        "katana",
        "www.google.com",
        "shop.example",
        "",
        ".",
    ],
)
def test_what_only_looks_alike_or_is_no_network_is_unknown(referrer: str) -> None:
    assert network_of(referrer, PHONE) is None


@given(st.sampled_from(sorted(_NETWORK_OF)), st.from_regex(r"[a-z]{1,20}", fullmatch=True))
def test_whatever_stands_behind_or_is_glued_to_a_known_host_makes_it_another(
    host: str, word: str
) -> None:
    assert network_of(f"{host}.{word}.example", PHONE) is None
    if word + host not in _NETWORK_OF:  # as `web.de` glued to `deref-` would be
        assert network_of(word + host, PHONE) is None
    assert network_of(f"{word}.{host}", PHONE) == _NETWORK_OF[host]


@given(st.text(max_size=256), st.text(max_size=512))
def test_nothing_that_a_stranger_sends_raises_or_names_what_is_no_network(
    referrer: str, agent: str
) -> None:
    assert network_of(referrer, agent) in {None, *NETWORKS}


def test_every_place_in_the_list_is_a_network() -> None:
    assert set(_NETWORK_OF.values()) <= NETWORKS.keys()
