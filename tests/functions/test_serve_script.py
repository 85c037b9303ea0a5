import base64
import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest

from functions.serve_script import app
from functions.serve_script.app import handler
from local.artifacts import script
from sharetrail.version import VERSION
from tests import npm
from tests.shops import Shop

SOURCE = Path(app.__file__).with_name("sharetrail.js").read_text("utf-8")


def ask(**headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return handler({"routeKey": "GET /sharetrail.js", "headers": named}, None)


def unpacked(answer):
    return gzip.decompress(base64.b64decode(answer["body"])).decode()


def test_the_script_is_javascript_that_any_shop_may_load_and_keep_for_an_hour():
    answer = ask()
    assert answer["statusCode"] == 200
    assert answer["headers"] == {
        "content-type": "text/javascript; charset=utf-8",
        "etag": answer["headers"]["etag"],
        "cache-control": "public, max-age=3600, stale-while-revalidate=86400",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "vary": "accept-encoding",
    }


def test_its_first_line_says_of_which_release_it_is():
    first, _, rest = ask()["body"].partition("\n")
    assert first == f"/*! Sharetrail {VERSION} */"
    assert rest == script.TARGET.read_text("utf-8")


def test_a_browser_that_takes_gzip_gets_the_same_script_packed():
    answer = ask(accept_encoding="gzip, deflate, br, zstd")
    assert answer["isBase64Encoded"] is True
    assert answer["headers"]["content-encoding"] == "gzip"
    assert unpacked(answer) == ask()["body"]


@pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0", "gzip; q=0.000, br", "identity"])
def test_one_that_does_not_gets_it_plain(encodings):
    answer = ask(accept_encoding=encodings)
    assert "content-encoding" not in answer["headers"]
    assert answer["body"].partition("\n")[2].startswith("(()=>{")


@pytest.mark.parametrize("encodings", ["gzip", "GZIP", "br;q=0, gzip;q=0.5", "deflate,gzip;q=1.0"])
def test_gzip_is_found_among_other_encodings(encodings):
    assert ask(accept_encoding=encodings)["isBase64Encoded"] is True


def test_a_request_without_headers_is_answered():
    assert handler({}, None)["statusCode"] == 200


def test_an_unchanged_script_is_not_sent_again():
    tag = ask()["headers"]["etag"]
    for condition in (tag, f'"old", {tag}', tag.removeprefix("W/"), "*"):
        answer = ask(if_none_match=condition, accept_encoding="gzip")
        assert answer["statusCode"] == 304
        assert "body" not in answer
        assert answer["headers"]["etag"] == tag


@pytest.mark.parametrize("condition", ['"old"', 'W/"old", "older"', "", "W/"])
def test_a_changed_script_is_sent(condition):
    assert ask(if_none_match=condition)["statusCode"] == 200


def test_the_script_stays_under_8_and_a_half_kb_on_the_wire():
    assert len(base64.b64decode(ask(accept_encoding="gzip")["body"])) < 8.5 * 1024


def test_what_is_served_is_made_of_the_source_that_people_read():
    npm.program("npm")
    assert script.minified(SOURCE) == script.TARGET.read_text("utf-8"), "make script"


def test_the_oldest_browsers_that_it_is_for_can_read_it():
    """Safari 13.1, Chrome 80 and Firefox 74 know the syntax of 2020 and none that is younger."""
    acorn = npm.unpacked("acorn", "8.15.0") / "dist/acorn.js"
    parse = "const {parse} = require(process.argv[1]); const {readFileSync} = require('fs');"
    parse += "parse(readFileSync(process.argv[2], 'utf8'), {ecmaVersion: 2020})"
    node = [npm.program("node"), "-e", parse, str(acorn), str(script.TARGET)]
    run = subprocess.run(node, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


# ── What consent needs, by the shop's country ────────────────────────────────────────────────────
def mode(answer):
    """What stands in the script where the source has "unknown"."""
    (served,) = re.findall(r'"(unknown|required|optional)"\]', answer["body"])
    return served


def with_key(key):
    event = json.loads(Path("events/serve_script.json").read_text())
    del event["headers"]["accept-encoding"]
    return handler({**event, "rawQueryString": f"v=1&key={key}"}, None)


def test_whoever_names_no_key_is_told_of_no_country():
    assert mode(ask()) == "unknown"


@pytest.mark.parametrize(
    ("country", "consent"),
    [("DE", "required"), ("GB", "required"), ("CH", "required"), ("NO", "required"),
     ("RE", "required"), ("US", "optional"), ("CA", "optional"), ("BR", "optional")],
)  # fmt: skip
def test_a_shop_s_country_says_whether_consent_is_needed(cloud, country, consent):
    shop = Shop.onboard(cloud, country=country)
    assert mode(with_key(shop.facts["publishable_key"])) == consent


@pytest.mark.parametrize(
    ("zone", "country", "consent"),
    [("Europe/Berlin", "DE", "required"), ("America/New_York", "US", "optional"),
     ("UTC", "", "required")],
)  # fmt: skip
def test_a_zone_tells_the_country_that_nobody_said_and_what_could_be_anywhere_asks(
    cloud, zone, country, consent
):
    shop = Shop.onboard(cloud, zone=zone)
    assert (shop.facts["country"], shop.facts["consent"]) == (country, consent)
    assert mode(with_key(shop.facts["publishable_key"])) == consent


def test_a_zone_that_is_corrected_corrects_the_country_that_came_of_it_and_no_other(cloud):
    shop = Shop.onboard(cloud, zone="America/New_York")
    assert shop.onboarded(zone="Europe/Berlin")["country"] == "DE"
    assert shop.onboarded(country="AT")["country"] == "AT"
    assert shop.onboarded(zone="America/New_York")["country"] == "AT"


@pytest.mark.parametrize("country", ["EU", "ZZ", "UN", "IC", "UK", "de", "DEU", "840"])
def test_what_is_no_country_is_refused(cloud, country):
    assert "country" in Shop(cloud).onboarded(country=country)["errors"]


def test_a_key_that_cannot_be_read_gives_no_consent_and_is_soon_asked_again(cloud):
    for key in ("pk_unknown", "", "x" * 200, "%00", "sk_é"):
        answer = with_key(key)
        assert mode(answer) == ("required" if key else "unknown")
        assert ("max-age=60," in answer["headers"]["cache-control"]) == bool(key)


def test_a_table_out_of_reach_does_not_keep_the_script_from_the_page(monkeypatch):
    monkeypatch.setattr(app.api_keys, "check", lambda *_: 1 / 0)
    answer = with_key("pk_any")
    assert (answer["statusCode"], mode(answer)) == (200, "required")


# ── The buttons' colours ─────────────────────────────────────────────────────────────────────────
def test_white_on_every_network_s_colour_can_be_read():
    colours = re.findall(r'^ {4}\w+: \["[^"]*", "#(\w{6})"', SOURCE, flags=re.MULTILINE)
    assert len(colours) == 13
    assert min(map(contrast_with_white, colours)) >= 4


def contrast_with_white(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    red, green, blue = linear
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
