"""Reports as kept: each is an object in the reports bucket, by the hash of its bytes, of days under
`days/`.

Table reports: `merchant / week#date` (or day, month, quarter) names the one snapshot of a span that
is mailed, by their hashes to whom, and what it tells of its days and of others; written once. So
what was mailed can be reproduced, for two years; of days for 400 days.
"""

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sharetrail.aws import clients, environment, hashed_objects
from sharetrail.aws.items import dump, load
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import iso, moment
from sharetrail.report import span
from sharetrail.report.keeping import kept_report, sent_orders
from sharetrail.report.keeping.kept_report import KeptReport
from sharetrail.report.keeping.recipient_codes import code_of
from sharetrail.report.report import Report
from sharetrail.report.report_mail import row_of
from sharetrail.report.span import Span, SpanKind

DAYS = "days/"
LIFETIME = timedelta(days=730)
"""Of weeks, months and quarters: this year's and the one that it is compared with."""
LIFETIME_OF_DAYS = timedelta(days=400)
"""As the template has it of their objects, which live a month longer than what names them: a row
may be read for two days after it has expired."""
ALL_END_SINCE = datetime(2027, 1, 1, tzinfo=UTC)
"""Of a merchant onboarded later no report was kept without an end."""
_ISSUED_WITHIN = timedelta(days=35)
"""Of a report: until then it is asked to whom it goes."""
_LONG_KINDS: tuple[SpanKind, ...] = ("week", "month", "quarter")


class Gone(Exception):
    """A report that was kept once."""


def find(merchant_id: str, span: Span) -> KeptReport | None:
    """What stands of the span's report; None before it is built."""
    row = REPORTS.get(merchant_id, row_of(span))
    return kept_report.read(row) if row else None


def find_all(merchant_id: str, spans: Sequence[Span]) -> dict[Span, KeptReport]:
    """The same of many of a kind, of those whose report was built."""
    by_row = {row_of(each): each for each in spans}
    rows = REPORTS.get_all({"pk": merchant_id, "sk": sk} for sk in by_row)
    return {by_row[row["sk"]]: kept_report.read(row) for row in rows}


def listed(
    merchant_id: str,
    kinds: Iterable[SpanKind],
    after: str,
    begun: tuple[date, date],
    *,
    backward: bool,
) -> Iterator[tuple[Span, KeptReport]]:
    """What stands of a merchant's reports of these kinds that begin on these days, both included,
    by their first day and then by kind; behind the place that `place` names."""
    first, last = map(str, begun)
    if day := after.partition("#")[0]:
        first, last = (first, min(last, day)) if backward else (max(first, day), last)
    if first > last:
        return iter(())
    each = (_of_kind(merchant_id, kind, (first, last), backward=backward) for kind in kinds)
    rows = heapq.merge(*each, key=lambda row: place(row[0]), reverse=backward)

    def is_behind(about: Span) -> bool:
        return place(about) < after if backward else place(about) > after

    return ((about, kept) for about, kept in rows if not after or is_behind(about))


def place(about: Span) -> str:
    """Where a report stands among a merchant's."""
    return f"{about.first}#{about.kind}"


def _of_kind(
    merchant_id: str, kind: SpanKind, begun: tuple[str, str], *, backward: bool
) -> Iterator[tuple[Span, KeptReport]]:
    """Without the rows of its mails, which stand beside it."""
    between = (f"{kind}#{begun[0]}", f"{kind}#{begun[1]}~")
    rows = REPORTS.query(merchant_id, between=between, backward=backward, having="snapshot")
    for row in rows:
        first = row["sk"].partition("#")[2]
        yield span.of_day(kind, date.fromisoformat(first)), kept_report.read(row)


def keep(report: Report, recipients: Iterable[str], now: datetime) -> KeptReport:
    """Store the report and say that it is the span's, to be mailed to these; what stands of the
    span then, which another run may have said."""
    told = kept_report.told_of_others(report).items()
    row = {
        "pk": report.merchant,
        "sk": row_of(report.span),
        "snapshot": _store(report),
        "orders": sent_orders.keep(report),
        "to": {code_of(report.merchant, each, now) for each in recipients} or None,
        "influenced": report.earned.influenced,
        "currency": report.currency,
        "corrected": {f"{first}": minor for first, minor in told} or None,
        "by_rule": report.rule,
        "at": iso(now),
        "expires": expires(report.span, now),
    }
    earlier = None if REPORTS.put_once(row) else find(report.merchant, report.span)
    return earlier or kept_report.read(row)


def read(merchant_id: str, about: Span, snapshot: str) -> Report:
    """The report of these days that was kept under this hash. Gone where there is none any more."""
    s3, key = clients.s3(), _object_key(merchant_id, about, snapshot)
    try:
        kept = s3.get_object(Bucket=environment.reports_bucket(), Key=key)
    except s3.exceptions.NoSuchKey as none:
        raise Gone(f"no report of {about.key} of {merchant_id} is kept") from none
    return load(Report, json.loads(kept["Body"].read()))


def read_standing(merchant_id: str, about: Span) -> Report | None:
    """What is kept of these days by now: it was written anew, where somebody in it was erased."""
    kept = find(merchant_id, about)
    return read(merchant_id, about, kept.snapshot) if kept else None


def expires(about: Span, now: datetime) -> int:
    """When the row of a report of these days ends."""
    lifetime = LIFETIME_OF_DAYS if about.kind == "day" else LIFETIME
    return int((now + lifetime).timestamp())


def end_endless(merchant_id: str, now: datetime) -> None:
    """Until 2026-12 rows of weeks, months and quarters had no end, and hashes of recipients without
    a key: they have an end, and none of those, once nobody is mailed by them any more."""
    for kind in _LONG_KINDS:
        for row in REPORTS.query(merchant_id, prefix=f"{kind}#", having="snapshot"):
            at = moment(row["at"])
            if "expires" not in row and at < now - _ISSUED_WITHIN:
                key = {"pk": row["pk"], "sk": row["sk"]}
                end = int((at + LIFETIME).timestamp())
                expression = "SET expires = :end REMOVE #to"
                REPORTS.update(key, expression, "attribute_exists(pk)", names=["to"], end=end)


def _store(report: Report) -> str:
    """The hash of its bytes."""
    body = json.dumps(dump(report), sort_keys=True, ensure_ascii=False).encode()
    key_of = partial(_object_key, report.merchant, report.span)
    return hashed_objects.put(key_of, body, "application/json")


def _object_key(merchant_id: str, about: Span, digest: str) -> str:
    folder = DAYS if about.kind == "day" else ""
    return f"{folder}{merchant_id}/{about.first}/{digest}.json"
