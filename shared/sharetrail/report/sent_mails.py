"""Stands in for what keeps mails."""
# ruff: noqa: ARG001

from datetime import datetime

from sharetrail.report.span import Span


def listed(merchant_id: str, recipient: str) -> list[tuple[Span, datetime]]:
    return []


def read(merchant_id: str, recipient: str, about: Span) -> bytes | None:
    return None
