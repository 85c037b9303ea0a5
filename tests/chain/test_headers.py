"""What every answer carries: taken for what it says it is, asked for by TLS alone, and of a page
nothing that a name from outside could bring into it."""

import base64
import hashlib
import re
from datetime import datetime, timedelta

import pytest

from sharetrail.report.page import frame
from tests import contract
from tests.report_pages import ReportPage
from tests.shops import Shop

GUARDED = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
PAGES = [path for path, _ in (*frame.PAGES, *frame.MORE_PAGES)]
SECURITY_TXT = "/.well-known/security.txt"


def policy_of(headers: dict[str, str]) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_whatever_is_asked_the_answer_is_guarded(shop: Shop) -> None:
    for method, path, _ in contract.operations():
        place = re.sub(r"\{[^}]*\}", "none", path)
        answer = shop.ask(method.upper(), place, b"{}" if method in ("post", "put") else None)
        assert GUARDED.items() <= answer.headers.items(), (method, path)


def test_what_succeeds_is_guarded_too(shop: Shop) -> None:
    link = shop.share("ana").json
    key = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    drawn = f"/v1/links/{link['code']}/qr.svg"
    for path in (f"/{link['code']}", "/v1/links", "/sharetrail.js", drawn):
        answer = shop.ask("GET", path, headers=key)
        assert answer.status < 400
        assert GUARDED.items() <= answer.headers.items()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_its_own_style_alone(shop: Shop, page: str) -> None:
    answer = ReportPage(shop).ask(page)
    html = answer.body.decode()
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    assert policy_of(answer.headers) == {
        "default-src": "'none'",
        "style-src": digest(style),
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert " style=" not in html
    assert html.index("</style>") < html.index("<title>")


def test_a_page_where_a_link_ends_is_as_strict(shop: Shop) -> None:
    policy = policy_of(shop.ask("GET", "/nothing-here").headers)
    assert policy["default-src"] == "'none'"
    assert policy["style-src"].startswith("'sha256-")


def test_security_txt_says_whom_to_tell_and_is_never_long_out_of_date(shop: Shop) -> None:
    told = shop.ask("GET", SECURITY_TXT)
    assert (told.status, told.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    fields = dict(line.split(": ", 1) for line in told.body.decode().splitlines())
    assert fields["Contact"] == "mailto:reports@sharetrail.example"
    assert fields["Canonical"].endswith(SECURITY_TXT)
    left = datetime.fromisoformat(fields["Expires"]) - shop.cloud.clock.now()
    assert timedelta(days=170) < left < timedelta(days=365)
