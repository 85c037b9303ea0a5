"""Ports for what listens in a process of its own."""

import secrets
import socket
from contextlib import suppress

_OURS = range(20_000, 32_000)
"""Below those that systems give out by themselves, to whoever asks meanwhile."""


def free_port() -> int:
    """One that nobody listens at, nor is given until it is listened at."""
    while True:
        port = secrets.choice(_OURS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
