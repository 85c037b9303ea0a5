"""What kind of device it is that people follow links on."""

import json

import pytest

from sharetrail.clicks.device import device_of
from tests import npm
from tests.shops import BROWSER, PHONE

ANDROID = "Mozilla/5.0 (Linux; Android {}) AppleWebKit/537.36 (KHTML, like Gecko) {} Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "phone"),
        (BROWSER, "desktop"),
        (ANDROID.format("10; K", "Chrome/140.0.0.0 Mobile"), "phone"),
        (ANDROID.format("10; K", "Chrome/140.0.0.0"), "tablet"),
        ("Opera/9.80 (Android; Opera Mini/7.6.40234/191.273; U; en) Presto/2.12.423", "phone"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/4.2.1/191; U; en) Presto/2.5.25", "phone"),
        ("Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 KAIOS/2.5", "phone"),
        (
            "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ Version/10.0 Mobile Safari/537.10+",
            "phone",
        ),
        ("[FBAN/FB4A;FBAV/567.1;FBCR/NL KPN;FBPN/com.facebook.katana;FBDV/SM-S921B;]", "phone"),
        ("[FBAN/FB4A;FBAV/567.1;FBPN/com.facebook.katana;FBDV/SM-X710;]", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;]", "tablet"),
        (
            "Mozilla/5.0 (X11; U; Linux armv7l like Android; en-us) Version/5.0 Kindle/3.0+",
            "tablet",
        ),
        (ANDROID.format("9; KFMAWI", "Silk/125.2.1 like Chrome/125.0 Mobile"), "tablet"),
        ("Mozilla/5.0 (Android 14; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0", "tablet"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)", "desktop"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0.0.0 Safari/537.36", "desktop"),
        ("Mozilla/5.0 (PC; OpenHarmony 5.0) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1", "desktop"),
        (ANDROID.format("9; BRAVIA 4K UR2", "Chrome/110.0"), "other"),
        (ANDROID.format("9; AFTMM Build/PS7", "Silk/100.1.1 like Chrome/100.0"), "other"),
        (ANDROID.format("12; Chromecast", "Chrome/110.0"), "other"),
        (ANDROID.format("11; Quest 3", "OculusBrowser/33.0 Chrome/126.0 Mobile VR"), "other"),
        ("Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) Version/6.0 TV Safari/538.1", "other"),
        ("Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/94.0 Safari/537.36", "other"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) Edge/44.18363", "other"),
        ("Mozilla/5.0 (PlayStation; PlayStation 5/8.00) Version/16.4 Safari/605.1.15", "other"),
        ("Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) NintendoBrowser/5.1", "other"),
        ("Mozilla/5.0 (Apple Watch; CPU Watch OS 10_0 like Mac OS X) Mobile/15E148", "other"),
        ("", "other"),
    ],
)
def test_a_device_is_what_people_would_call_it(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_the_visitors_of_real_sites_are_told_apart_as_their_screens_tell_them() -> None:
    kinds = {"mobile": "phone", "tablet": "tablet", "desktop": "desktop"}
    visits = json.loads(
        (npm.unpacked("user-agents", "2.1.198") / "dist/user-agents.json").read_text()
    )
    assert len(visits) > 9_000
    differ = {
        v["userAgent"] for v in visits if device_of(v["userAgent"]) != kinds[v["deviceCategory"]]
    }
    assert differ == set()
