"""A DynamoDB and a queue that keep what they are given, and know every link that is followed."""

import json
from collections import Counter
from typing import Any

from bench.redirect import link
from bench.redirect.dynamodb_stub import DynamoDB
from bench.shop import stack
from sharetrail.aws.items import encode, load
from sharetrail.clicks.click import Click, click_item

AGENT = "Mozilla/5.0 Shopper/"
"""How a shopper's number goes along: both handlers keep the user agent."""
_AGENTS = ("ua", "agent")
"""Where ours and the cookbook's items have it."""


class Store(DynamoDB):
    """Clicks by their keys, so that what is put twice stands once."""

    def __init__(self) -> None:
        super().__init__()
        named = stack().functions["redirect"].environment
        self._links, self._events = named["LINKS_TABLE"], named["EVENTS_TABLE"]
        self._code = next(row["pk"] for noun, row in link.rows() if noun == "links")
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}
        self._messages: list[str] = []

    def drain(self) -> None:
        """Writes what went to the queue, as save_click does."""
        while self._messages:
            click = load(Click, json.loads(self._messages.pop()))
            self._put(encode(click_item(click)))

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self._rows.values())

    def clicks(self) -> Counter[int]:
        """Shopper → how many clicks of theirs are kept."""
        agents = (row[name]["S"] for row in self.rows for name in _AGENTS if name in row)
        return Counter(int(agent.removeprefix(AGENT)) for agent in agents if AGENT in agent)

    def answer(self, operation: str, request: dict[str, Any]) -> str:
        match operation:
            case "PutItem" if request["TableName"] == self._events:
                self._put(request["Item"])
            case "PutItem":
                pass  # the agenda's
            case "SendMessage":
                self.spills += 1
                self._messages.append(request["MessageBody"])
            case "GetItem" if request["TableName"] == self._links:
                key = {"pk": {"S": self._code}}
                code = request["Key"]["pk"]["S"]
                return super().answer(operation, {**request, "Key": key}).replace(self._code, code)
            case _:
                return super().answer(operation, request)
        return "{}"

    def _put(self, item: dict[str, Any]) -> None:
        self._rows.setdefault((item["pk"]["S"], item["sk"]["S"]), item)
