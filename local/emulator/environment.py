"""The process's environment variables, set for a while to lead boto3 to an emulator."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from local.runtime.memories import forget_whereabouts

# What would lead boto3 away from the emulator.
_FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCOUNT_ID", "AWS_ROLE_ARN")


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """These variables and no foreign account while it lasts; then everything as it was."""
    before = dict(os.environ)
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(values)
    forget_whereabouts()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        forget_whereabouts()
