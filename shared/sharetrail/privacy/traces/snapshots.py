"""Reports as they were kept, written anew without a person: each under the hash of its new bytes,
which its row then names, so that what is read is still what the hash says.

Reports bucket: `merchant/first day/hash.json`, of days under `days/`. One that no row names, since
another run was faster to keep its own, is written anew as well. A kill in between leaves one more
object, which the next run removes.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sharetrail.aws import clients, environment, hashed_objects, removals
from sharetrail.aws.tables import REPORTS
from sharetrail.report import span
from sharetrail.report.keeping.reports import DAYS
from sharetrail.report.report_mail import row_of
from sharetrail.report.span import Span

Report = dict[str, Any]
"""As it is stored."""


def read_all(merchant_id: str) -> Iterator[tuple[str, Report]]:
    """Each with its key."""
    bucket, s3 = environment.reports_bucket(), clients.s3()
    for prefix in (f"{merchant_id}/", f"{DAYS}{merchant_id}/"):
        for key in removals.listed(bucket, prefix):
            yield key, json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def rewrite_all(
    merchant_id: str,
    rewritten: Callable[[Report], Report],
    first: Callable[[Span], None] = lambda _: None,
) -> int:
    """All that come out otherwise; how many those were. `first` is done of a report's days as long
    as it tells still that it is to be."""
    number = 0
    for key, report in read_all(merchant_id):
        fresh = rewritten(report)
        if fresh != report:
            first(span_of(report))
            _replace(merchant_id, key, fresh)
            number += 1
    return number


def _replace(merchant_id: str, key: str, report: Report) -> None:
    folder, _, name = key.rpartition("/")
    body = json.dumps(report, sort_keys=True, ensure_ascii=False).encode()
    digest = hashed_objects.put(lambda it: f"{folder}/{it}.json", body, "application/json")
    REPORTS.update(
        {"pk": merchant_id, "sk": row_of(span_of(report))},
        "SET #snapshot = :new",
        "#snapshot = :old",
        names=["snapshot"],
        new=digest,
        old=name.removesuffix(".json"),
    )
    removals.named(environment.reports_bucket(), [key])


def span_of(report: Report) -> Span:
    first = date.fromisoformat(report["first"])
    return span.of_day(report.get("kind", "week"), first)
