"""How every refusal looks: web/http.py writes it, and must not load what describes it."""

from typing import NotRequired

from typing_extensions import TypedDict

from sharetrail.web.answers import Fault, described


@described
class ProblemAnswer(TypedDict):
    type: str
    title: str
    status: int
    code: str
    """By which programs know it: docs/api.md lists them."""
    detail: str
    errors: list[Fault]
    """Every field and parameter at fault, the first twenty."""
    request_id: str
    """By which the operator finds it in the logs."""
    share_url: NotRequired[str]
    """Where a link was refused: what to share in its place."""
