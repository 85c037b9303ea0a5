"""What we refuse: each a domain word with one sentence, answered as RFC 9457 problem+json."""

import re


class Problem(Exception):
    """Something the caller got wrong. Its subclasses stand beside what raises them."""

    status = 400
    title = "The request cannot be understood"
    code = "problem"
    """By which programs know it: the class's own name, `unknown_link`, unless it says another. It
    is part of the contract (docs/api.md, errors), so who renames a class leaves its code."""

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(
        self,
        detail: str,
        *,
        errors: dict[str, str] | None = None,
        told: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """`errors` names the fields at fault: {"network": "is not one we know"}; `told` is what
        the answer says beside them, by names of its own, and `headers` what its headers do, with
        underscores."""
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or {}
        self.told = told or {}
        self.headers = headers or {}


class Malformed(Problem):
    """A body, field or parameter that has not the shape the contract gives."""


class NotFound(Problem):
    status = 404
    title = "There is no such thing"
