"""What DynamoDB charges: the units of reading and writing an item, as documented.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from math import ceil

PAGE = 1_048_576
"""Bytes of items after which a Query ends its page."""
_WRITE_UNIT, _READ_UNIT = 1_024, 4_096


def write_units(*sizes: int) -> int:
    """For an item that is put over another: the larger of both counts, in started kilobytes."""
    return max(1, ceil(max(sizes) / _WRITE_UNIT))


def read_units(size: int) -> int:
    """For a consistent read of so many bytes together; to find nothing costs a unit as well."""
    return max(1, ceil(size / _READ_UNIT))
