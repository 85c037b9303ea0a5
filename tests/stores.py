"""What stands in for DynamoDB: the emulator of all tests, and Amazon's own, which is stricter.

A module of tests that use `tables` runs on both by `pytestmark = on_both`. Where the two differ:
docs/emulators.md, which tests/sharetrail/aws/test_stores_differ.py holds.
"""

from dataclasses import replace

import pytest

from local.template.declarations import Table, Template

MINISTACK, DYNAMODB_LOCAL = "MiniStack", "DynamoDB Local"
on_both = pytest.mark.parametrize(
    "dynamodb", [MINISTACK, DYNAMODB_LOCAL], indirect=True, scope="module"
)


def without_streams(template: Template) -> Template:
    """Its tables alone."""
    tables = {name: _without_stream(table) for name, table in template.tables.items()}
    return replace(template, tables=tables, queues={}, buckets={}, rules=(), keys=(), sender=None)


def _without_stream(table: Table) -> Table:
    kept = {k: v for k, v in table.definition.items() if k != "StreamSpecification"}
    return replace(table, definition=kept)
