"""What we refuse: each a domain word with one sentence, answered as RFC 9457 problem+json."""


class Problem(Exception):
    """Something the caller got wrong. Its subclasses stand beside what raises them."""

    status = 400
    title = "The request cannot be understood"

    def __init__(
        self,
        detail: str,
        *,
        errors: dict[str, str] | None = None,
        told: dict[str, str] | None = None,
    ) -> None:
        """`errors` names the fields at fault: {"network": "is not one we know"}; `told` is what
        the answer says beside them, by names of its own."""
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or {}
        self.told = told or {}


class Malformed(Problem):
    """A body, field or parameter that has not the shape the contract gives."""


class NotFound(Problem):
    status = 404
    title = "There is no such thing"
