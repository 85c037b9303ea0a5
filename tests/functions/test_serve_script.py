import base64
import gzip
import re
from pathlib import Path

import pytest

from functions.serve_script import app
from functions.serve_script.app import handler

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
        "x-content-type-options": "nosniff",
        "vary": "accept-encoding",
    }


def test_a_browser_that_takes_gzip_gets_the_same_script_packed():
    answer = ask(accept_encoding="gzip, deflate, br, zstd")
    assert answer["isBase64Encoded"] is True
    assert answer["headers"]["content-encoding"] == "gzip"
    assert unpacked(answer) == ask()["body"]


@pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0", "gzip; q=0.000, br", "identity"])
def test_one_that_does_not_gets_it_plain(encodings):
    answer = ask(accept_encoding=encodings)
    assert "content-encoding" not in answer["headers"]
    assert answer["body"].startswith("(() => {")


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


def test_the_script_stays_under_7_kb_on_the_wire_and_its_commented_source_under_8_and_a_half():
    assert len(base64.b64decode(ask(accept_encoding="gzip")["body"])) <= 7 * 1024
    assert len(gzip.compress(SOURCE.encode())) <= 8.5 * 1024


def test_only_comments_and_indentation_are_left_out():
    def words(script):
        return re.sub(r"\s+", " ", script).strip()

    commentless = re.sub(r"^\s*(//.*|/\*.*?\*/)$", "", SOURCE, flags=re.MULTILINE)
    commentless = commentless[commentless.index("(() => {") :]
    assert words(ask()["body"]) == words(commentless)


def test_white_on_every_network_s_colour_can_be_read():
    colours = re.findall(r'^ {4}\w+: \["[^"]+", "#(\w{6})"', SOURCE, flags=re.MULTILINE)
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
