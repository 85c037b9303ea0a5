"""A DynamoDB that knows the followed link, and whose answers cost nothing to make."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bench.dynamodb import endpoint
from bench.redirect import link
from bench.shop import stack
from sharetrail.aws.items import encode


class DynamoDB:
    """Finds the link's rows by their `pk`, and keeps whatever is put in `items`.

    It is the queue too: `spills` counts the clicks that came there, since the put took too long.
    """

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.spills = 0
        variables = stack().functions["redirect"].environment
        self._answers = {
            (variables[f"{noun.upper()}_TABLE"], item["pk"]): endpoint.to_json(
                {"Item": encode(item)}
            )
            for noun, item in link.rows()
        }

    def serving(self, certificate: Path) -> AbstractContextManager[str]:
        """Its endpoint, over TLS."""
        return endpoint.serving(self.answer, certificate)

    def answer(self, operation: str, request: dict[str, Any]) -> str:
        """Its JSON."""
        if operation == "GetItem":
            return self._answers.get((request["TableName"], request["Key"]["pk"]["S"]), "{}")
        if operation == "PutItem":
            self.items.append(request["Item"])
        else:
            self.spills += 1
        return "{}"
