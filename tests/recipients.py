"""A recipient of reports, with a link to the report page and a browser that knows no script."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

from sharetrail.merchants import profiles
from sharetrail.report.keeping import page_links
from tests.shops import Answer, Shop

OWNER = "owner@shop.example"
_FORM = re.compile(r'<form method="post"(?: action="([^"]*)")?[^>]*>(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_BUTTON = re.compile(r"<button[^>]*>([^<]*)</button>")


@dataclass
class Form:
    action: str
    fields: dict[str, str]
    button: str


def forms(answer: Answer) -> list[Form]:
    return [
        Form(
            unescape(action),
            {n: unescape(v) for n, v in _FIELD.findall(inner)},
            unescape(_BUTTON.findall(inner)[0]),
        )
        for action, inner in _FORM.findall(answer.body.decode())
    ]


def seen_of(value: str) -> str:
    """What stands, as a form carries it."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def text(answer: Answer) -> str:
    """What a person reads of its main part."""
    main = answer.body.decode().partition("<main>")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@dataclass
class Recipient:
    """Somebody with a link, and a browser."""

    shop: Shop
    address: str = OWNER

    def __post_init__(self) -> None:
        now = self.shop.cloud.clock.now()
        merchant = profiles.find(self.shop.id, now)
        self.base = f"/reports/{page_links.make(merchant, self.address, now).token}"

    def look(self, path: str, **query: str) -> Answer:
        return self.shop.ask(
            "GET", f"{self.base}/{path}" + (f"?{urlencode(query)}" if query else "")
        )

    def first(self, **query: str) -> Answer:
        """The report's first page."""
        return self.shop.ask("GET", self.base + (f"?{urlencode(query)}" if query else ""))

    def press(self, form: Form, **more: str) -> Answer:
        answer = self.post(form.action, {**form.fields, **more})
        assert self.shop.cloud.drain()["failed"] == []
        return answer

    def post(self, action: str, fields: dict[str, str]) -> Answer:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.shop.ask("POST", action, urlencode(fields).encode(), kind)

    def act(self, kind: str, **query: str) -> Answer:
        """Looks at the page of an act, and presses its one button."""
        (form,) = forms(self.look(f"acts/{kind}", **query))
        return self.press(form)

    def list(self) -> list[str]:
        """What was done, newest first."""
        listed = self.look("acts").body.decode()
        return [unescape(each) for each in re.findall(r'<bdi class="strong"[^>]*>([^<]*)<', listed)]

    def undo(self) -> Answer:
        """Undoes what was done last."""
        (address, *_) = re.findall(r'href="([^"]*)">Undo', self.look("acts").body.decode())
        (form,) = forms(self.shop.ask("GET", unescape(address)))
        return self.press(form)


def a_doubted_order(shop: Shop, order: str = "1001") -> dict[str, str]:
    """Ana's own, by mail address; how the act's page is asked for."""
    person = {"id": "ana", "name": "Ana", "email": f"buyer{order}@example.com"}
    trail = shop.click(shop.share(influencer=person).json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
    shop.buy(order, "48.00", trail)
    assert shop.cloud.drain()["failed"] == []
    return {"order": f"shopify#{order}", "decision": "self_email:ana"}
