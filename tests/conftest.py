"""What the tests share: an emulator with the template's resources, and no way off the machine."""

import ipaddress
import os
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings

from local.emulator import resources
from local.emulator.environment import environment
from local.emulator.ministack import Emulator
from local.runtime.memories import forget_clients, forget_facts
from local.template import reader
from local.template.declarations import Template
from sharetrail.aws import clients
from sharetrail.aws.fast import client
from tests import stores
from tests.dynamodb_local import DynamoDBLocal, Lacking
from tests.pseudo import pseudo as pseudo  # a fixture

# A busy machine is no fault of a rule's, and which examples are drawn is no matter of chance:
# `--hypothesis-profile anew` draws others.
settings.register_profile("busy", settings.default, deadline=None, derandomize=True)
settings.register_profile("anew", settings.default, deadline=None, derandomize=False)
settings.load_profile("busy")

PARAMETERS = {
    "Stage": "local",
    "PublicBaseUrl": "http://127.0.0.1:8080",
    "MailFrom": "reports@sharetrail.example",
}
LONGEST = ("tests/proofs/test_wave.py", "tests/chain/test_schemathesis.py")
"""Of the proofs."""
BRISK_MAIL = {"MailsPerSecond": "1000"}
"""No test waits for its turn to send."""


# ── The emulator ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One emulator for the whole run, empty at first; takes a second to start."""
    running = Emulator()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def erase_resources(emulator: Emulator) -> tuple[Template, resources.Eraser]:
    declared = reader.load(parameters=PARAMETERS, endpoint=emulator.endpoint)
    forget_clients()
    with environment(emulator.environment | declared.environment):
        resources.create(declared)
        return declared, resources.Eraser(declared)


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[DynamoDBLocal]:
    """One for the whole run, empty at first; takes some three seconds to start."""
    try:
        running = DynamoDBLocal()
    except Lacking as lacking:
        pytest.skip(str(lacking))
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def erase_tables_there(
    dynamodb_local: DynamoDBLocal,
    emulator: Emulator,
    erase_resources: tuple[Template, resources.Eraser],
) -> resources.Eraser:
    """The template's tables on DynamoDB Local. Nobody reads their streams there."""
    declared, _ = erase_resources
    bare = stores.without_streams(declared)
    with environment(emulator.environment | dynamodb_local.environment | declared.environment):
        resources.create(bare)
        return resources.Eraser(bare)


@pytest.fixture(scope="module")
def dynamodb(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where `tables` are: on the emulator, or where tests/stores.py has a module's on each."""
    named = getattr(request, "param", stores.MINISTACK)
    if named == stores.DYNAMODB_LOCAL:
        request.getfixturevalue("erase_tables_there")
        forget_clients()
    yield named
    if named == stores.DYNAMODB_LOCAL:
        forget_clients()


@pytest.fixture
def tables(
    request: pytest.FixtureRequest,
    dynamodb: str,
    emulator: Emulator,
    erase_resources: tuple[Template, resources.Eraser],
) -> Iterator[Template]:
    """Every table, queue, bucket and key of template.yaml, empty, and the functions' environment.

    Tables by `sharetrail.tables` or plain boto3; whatever the test leaves is erased after it.
    """
    declared, erase = erase_resources
    where = emulator.environment | declared.environment
    if dynamodb == stores.DYNAMODB_LOCAL:
        where |= request.getfixturevalue("dynamodb_local").environment
        erase = request.getfixturevalue("erase_tables_there")
    forget_facts()
    with environment(where), unhurried():
        yield declared
        erase()


@contextmanager
def unhurried(seconds: float = 5.0) -> Iterator[None]:
    """On a busy machine the emulator may take longer than a shopper waits: what is not about time
    is not ended by 150 milliseconds.
    """
    limits = {"connect_timeout": seconds, "read_timeout": seconds}
    with mock.patch.dict(clients._BRISK, limits), mock.patch.object(client, "BRISK", seconds):
        yield


A_MORNING = datetime(2026, 12, 2, 15, 10, tzinfo=UTC)
"""A Wednesday's, ten past ten in New York: no test depends on the hour or the day it runs at."""


@pytest.fixture
def start() -> datetime | None:
    """When a test's cloud begins; None is the real time, for what signs or says that itself."""
    return A_MORNING


@pytest.fixture
def cloud(tables: Template, emulator: Emulator, start: datetime | None) -> Iterator[Any]:
    """The local cloud around `tables`: HTTP, triggers, clock, outbox. Nothing runs by itself:
    `cloud.drain()` runs streams and queues, `cloud.schedule(folder)` a schedule.
    """
    from local.cloud import Cloud

    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=start) as running:
        yield running


# ── No way off the machine ───────────────────────────────────────────────────────────────────────
class LeftTheMachine(RuntimeError):
    """A test spoke to something other than this machine."""


def pytest_configure() -> None:
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _stay(self.family, address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _stay(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host and not _is_here(host):
            raise LeftTheMachine(f"asked for the address of {host}")
        return getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_getaddrinfo


def _stay(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
        raise LeftTheMachine(f"connected to {address[0]}")


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


# ── REQUIRE_ALL=1: a skip is a failure ───────────────────────────────────────────────────────────
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A run ends with its longest file: those begin first."""
    items.sort(key=lambda each: not each.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _required((yield))


def _required(report: Any) -> Any:
    if os.environ.get("REQUIRE_ALL") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 and skipped: {report.longrepr}"
    return report
