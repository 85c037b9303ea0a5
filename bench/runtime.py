"""Lambda's own loop around a handler: `python -m awslambdaric`, unmodified, on this machine.

It asks a Runtime API in this process for its events, and finds a DynamoDB in this process behind
AWS's own variables, over TLS: so the handler's process does the handler's work and nothing else.
All its code is compiled beforehand, as `make build` does it. Linux alone: another process's CPU and
memory are read in Linux's ways.
"""

import datetime as dt
import hashlib
import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import TracebackType
from typing import Any, BinaryIO
from zlib import crc32

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.goals import Figure
from local.template import reader
from sharetrail.aws.items import Item, dump, encode
from sharetrail.merchants.profile import Merchant, merchant_id_of
from sharetrail.sharing import links
from sharetrail.sharing.link import Link, Product

Event = dict[str, Any]
Answer = dict[str, Any]

ROOT = Path(__file__).parents[1]
PARAMETERS = {"PublicBaseUrl": "https://go.shop.example", "MailFrom": "reports@shop.example"}
DESTINATION = "https://shop.example/products/kettle?colour=blue"
_PATIENCE = 30  # seconds, for whatever a handler does


class Absent(Exception):
    """The runtime cannot be had on this machine."""


class Broken(Exception):
    """The handler failed; the message is the runtime's own report of it."""


# ── the runtime's own environment ────────────────────────────────────────────────────────────────
HOME = ROOT / ".cache/bench"
_LOCK = ROOT / "requirements.lock"
_PACKAGES = (  # those without a version have the lock file's
    "awslambdaric==4.2.2",
    "aws-xray-sdk==2.15.0",
    "aws-lambda-powertools",
    "boto3",
    "pydantic",
)
# A version manager's python3.13 answers `command -v` and runs only when told which it is.
_PYTHONS: tuple[dict[str, str], ...] = ({}, {"PYENV_VERSION": "3.13"})


@cache
def python() -> Path:
    """The interpreter that has awslambdaric; made at first use, of CPython 3.13 where one runs.

    Absent where that fails: a part of it may have no wheel for this machine.
    """
    if sys.platform != "linux":
        raise Absent("awslambdaric runs on Linux alone")
    executable, made = HOME / "bin/python", HOME / "made"
    asked = "\n".join([*_PACKAGES, hashlib.sha256(_LOCK.read_bytes()).hexdigest()])
    if not made.is_file() or made.read_text() != asked:
        _uv("venv", "--clear", "--python", _lambdas_python(), HOME)
        _uv("pip", "install", "--python", executable, "--constraint", _LOCK, *_PACKAGES)
        _compile(executable, HOME / "lib")
        made.write_text(asked)
    return executable


@cache
def version() -> str:
    return _said(python(), "--version")


def _lambdas_python() -> str:
    """A CPython 3.13, or else the one that runs this."""
    ask = ("-I", "-c", "import sys; print(sys.executable)")
    found = (_said("python3.13", *ask, **variables) for variables in _PYTHONS)
    return next(filter(None, found), "") or _said(_UV, "python", "find", "3.13") or sys.executable


_UV = Path(sys.prefix) / "bin/uv"


def _uv(*arguments: str | Path) -> None:
    command = [_UV, *arguments, "--quiet"]
    try:
        run = subprocess.run(command, env=_undownloaded({}), capture_output=True, text=True)
    except OSError as error:
        raise Absent(f"no uv beside this Python: {error}") from error
    if run.returncode:
        raise Absent(f"uv {arguments[0]}: {' '.join(run.stderr.split())}")


def _said(*command: str | Path, **variables: str) -> str:
    """What a command prints; nothing where it fails."""
    try:
        run = subprocess.run(command, env=_undownloaded(variables), capture_output=True, text=True)
    except OSError:
        return ""
    return "" if run.returncode else run.stdout.strip()


def _undownloaded(variables: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **variables}


def _compile(executable: Path, folder: Path) -> None:
    subprocess.run([executable, *_COMPILING, folder], check=True)


_COMPILING = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")


def unmeasured(goal: str, what: str, limit: float, why: Absent) -> Figure:
    return Figure(goal=goal, what=what, value=None, limit=limit, note=str(why))


# ── what comes in, and what the tables hold ──────────────────────────────────────────────────────
_RECORDED: Event = json.loads((ROOT / "events/redirect.json").read_text())
_BEGIN = dt.datetime.fromtimestamp(_RECORDED["requestContext"]["timeEpoch"] / 1000, dt.UTC)
_BETWEEN = dt.timedelta(milliseconds=100)
"""Ten clicks a second on one link: ours reads it, and its merchant, once in 600 clicks."""
_BROWSERS = {  # what the recorded request left out
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.9",
    "referer": "https://www.facebook.com/",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
    "x-amzn-trace-id": "Root=1-6920569c-0123456789abcdef01234567",
}


def event(number: int) -> Event:
    """A click: each number another visitor, a moment after the one before."""
    context, address = _RECORDED["requestContext"], f"203.0.{number // 250 % 250}.{number % 250}"
    at = int((_BEGIN + number * _BETWEEN).timestamp() * 1000)
    http = {**context["http"], "sourceIp": address}
    return {
        **_RECORDED,
        "headers": {**_RECORDED["headers"], **_BROWSERS, "x-forwarded-for": address},
        "requestContext": {**context, "http": http, "timeEpoch": at},
    }


def _facts() -> Iterator[tuple[str, Item]]:
    """Each with its table's noun: a merchant, a link, the day's salt."""
    made = _BEGIN - dt.timedelta(days=30)
    merchant = Merchant(
        id=merchant_id_of("shop.example"),
        name="Mug & Bean",
        shop_host="shop.example",
        hosts=("shop.example", "www.shop.example"),
        origins=("https://shop.example",),
        currency="USD",
        zone="America/New_York",
        category="home and kitchen",
        recipients=("owner@shop.example",),
        created_at=made,
    )
    yield "merchants", {"pk": f"merchant#{merchant.id}", "sk": "profile", **dump(merchant)}
    link = Link(
        code=_RECORDED["pathParameters"]["code"],
        merchant=merchant.id,
        influencer="i_3f9a1c7d5b2e8a60",
        url=DESTINATION,
        network="facebook",
        campaign="autumn",
        product=Product(id="7982301839552", title="Kettle, blue"),
        created_at=made,
    )
    yield "links", links.item(link)
    yield "salts", {"pk": _BEGIN.date().isoformat(), "salt": bytes(range(32))}


@cache
def _variables() -> Mapping[str, str]:
    """What template.yaml gives the redirect."""
    return reader.load(parameters=PARAMETERS).functions["redirect"].environment


# ── DynamoDB ─────────────────────────────────────────────────────────────────────────────────────
class DynamoDB:
    """Finds the facts by their `pk`, and keeps whatever is put in `written`.

    It is the queue too: `spilled` counts the clicks that came there, since the put took too long.
    """

    def __init__(self, certificate: Path) -> None:
        self.written: list[dict[str, Any]] = []
        self.spilled = 0
        self._found = {
            (_variables()[f"{noun.upper()}_TABLE"], item["pk"]): _answer({"Item": encode(item)})
            for noun, item in _facts()
        }
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.endpoint = f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "DynamoDB":
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                Thread(target=self._serve, args=self._listener.accept()[:1], daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError), self._context.wrap_socket(link, server_side=True) as secure:
            file = secure.makefile("rb")
            while asked := _request(file):
                secure.sendall(self._answered(*asked))

    def _answered(self, headers: Mapping[str, str], body: bytes) -> bytes:
        asked, operation = json.loads(body), headers["x-amz-target"].partition(".")[2]
        if operation == "GetItem":
            return self._found.get((asked["TableName"], asked["Key"]["pk"]["S"]), _NOTHING)
        if operation == "PutItem":
            self.written.append(asked["Item"])
        else:
            self.spilled += 1
        return _NOTHING


def _answer(told: dict[str, Any]) -> bytes:
    """With the headers that DynamoDB sends."""
    body = json.dumps(told, default=lambda raw: b64encode(raw).decode()).encode()
    headers = {
        "Server": "Server",
        "Date": "Sat, 21 Nov 2026 12:00:00 GMT",
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
        "x-amzn-RequestId": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF",
        "x-amz-crc32": str(crc32(body)),
    }
    return _response(200, headers, body)


def _certificate(file: Path) -> bytes:
    """Writes a key and its certificate for the loopback address; the certificate's PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    public = signed.public_bytes(pem)
    file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + public)
    return public


# ── HTTP, as little as both servers need ─────────────────────────────────────────────────────────
def _request(file: BinaryIO) -> tuple[dict[str, str], bytes] | None:
    """The next request's headers, its first line as `:line`; None where the other side left."""
    headers = {":line": file.readline().decode().strip()}
    while line := file.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = file.read(int(headers.get("content-length", 0)))
    return (headers, body) if headers[":line"] else None


def _response(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} OK", *[f"{name}: {value}" for name, value in headers.items()]]
    return "\r\n".join([*lines, "", ""]).encode() + body


_NOTHING = _answer({})


# ── Lambda ───────────────────────────────────────────────────────────────────────────────────────
class Instance:
    """A handler's process behind its own Runtime API. Entered, it is ready for its first event."""

    def __init__(self, module: str, folder: Path, variables: Mapping[str, str]) -> None:
        self._command: list[str | Path] = [python(), "-m", "awslambdaric", f"{module}.handler"]
        self._folder, self._variables = folder, variables
        self._clicks = 0

    def __enter__(self) -> "Instance":
        with ExitStack() as opened:
            listener = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            listener.settimeout(_PATIENCE)
            self._process = self._started(f"127.0.0.1:{listener.getsockname()[1]}")
            opened.callback(self._end)
            self._link, _ = listener.accept()
            opened.enter_context(self._link)
            self._link.settimeout(_PATIENCE)
            self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._file = opened.enter_context(self._link.makefile("rb"))
            self._heard("/next")
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._end()
        self._opened.close()

    def _started(self, api: str) -> subprocess.Popen[bytes]:
        variables = {**self._variables, "AWS_LAMBDA_RUNTIME_API": api}
        none = subprocess.DEVNULL
        return subprocess.Popen(
            self._command, cwd=self._folder, env=variables, stdin=none, stdout=none
        )

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()

    def click(self) -> Answer:
        """One warm invocation: when it ends, the handler waits for the next."""
        answer = self.answer()
        self._link.sendall(_response(202, {"Content-Length": "0"}, b""))
        self._heard("/next")
        return answer

    def answer(self) -> Answer:
        """What the handler answers to the next click; nothing is done after the answer."""
        body = json.dumps(event(self._clicks)).encode()
        self._clicks += 1
        root = f"1-6920569c-{self._clicks:024x}"
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{self._clicks:012x}",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 15_000),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            # X-Ray takes one request a second, and a twentieth of the others.
            "Lambda-Runtime-Trace-Id": f"Root={root};Parent=53995c3f42cd8ad8;Sampled=0",
        }
        self._link.sendall(_response(200, headers, body))
        answer: Answer = json.loads(self._heard("/response"))
        if answer.get("statusCode") != 302:
            raise Broken(json.dumps(answer))
        return answer

    def _heard(self, path: str) -> bytes:
        """The body of the runtime's next request, which is to `path`."""
        request = _request(self._file)
        if request is None:
            raise Broken("the process ended")
        headers, body = request
        if not headers[":line"].split()[1].endswith(path):
            raise Broken(body.decode())
        return body

    @property
    def cpu(self) -> float:
        """Seconds of all its threads since it started: clock_getcpuclockid(3), spelt out."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    @property
    def peak(self) -> int:
        """Bytes of memory at most. ru_maxrss would tell of whoever started it as well."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        (line,) = (each for each in lines if each.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024


# ── the handlers, built ──────────────────────────────────────────────────────────────────────────
OURS, COOKBOOK, CACHING, NULL = "app", "cookbook", "caching", "null"
"""The modules: ours, the cookbook's, its own with links kept, and one that does nothing."""
UNTRACED = {"POWERTOOLS_TRACE_DISABLED": "true"}
"""Variables for a cookbook without its Tracer."""
_CACHING = """import functools, cookbook
cookbook.find = functools.cache(cookbook.find)
handler = cookbook.handler
"""
_NULL = f"""def handler(event, context):
    return {{"statusCode": 302, "headers": {{"location": {DESTINATION!r}}}}}
"""
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:redirect"


class Stage:
    """The built handlers, and the DynamoDB that they share."""

    def __init__(self, folder: Path, dynamodb: DynamoDB) -> None:
        self._folder, self.dynamodb = folder, dynamodb
        self.one_authority = _trusting(folder / "own.pem")
        """Variables for a handler that trusts this DynamoDB alone."""
        self.every_authority = _trusting(folder / "trust.pem")
        """And for one that trusts it beside all that botocore brings, as botocore does in Lambda.
        Ours brings Amazon's own, among which the DynamoDB here has been put."""

    def start(self, module: str, **variables: str) -> Instance:
        """A process that runs `module`; enter it. `variables` are added to Lambda's own."""
        task = self._folder / ("ours" if module == OURS else "theirs")
        trust = {} if module == OURS else self.every_authority
        return Instance(module, task, {**self._lambdas(task), **_variables(), **trust, **variables})

    def _lambdas(self, task: Path) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_SESSION_TOKEN": "t" * 700,
            "AWS_ENDPOINT_URL": self.dynamodb.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_FUNCTION_NAME": "redirect",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "LAMBDA_TASK_ROOT": str(task),
            "LANG": "en_US.UTF-8",
            "PATH": os.defpath,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self._folder / "layer"),
            "TZ": ":UTC",
        }


def _trusting(bundle: Path) -> dict[str, str]:
    """As botocore and as Python itself hear of it."""
    return {"AWS_CA_BUNDLE": str(bundle), "SSL_CERT_FILE": str(bundle)}


@contextmanager
def stage() -> Iterator[Stage]:
    """Builds the handlers and starts the DynamoDB; Absent where there is no runtime for them."""
    executable = python()
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        _build(folder)
        _compile(executable, folder)
        own = _certificate(folder / "both.pem")
        (folder / "own.pem").write_bytes(own)
        (folder / "trust.pem").write_bytes(_authorities() + own)
        with (folder / "layer/sharetrail/amazon_roots.pem").open("ab") as roots:
            roots.write(own)
        with DynamoDB(folder / "both.pem") as dynamodb:
            yield Stage(folder, dynamodb)


def _build(folder: Path) -> None:
    ours, theirs, bare = folder / "ours", folder / "theirs", shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "functions/redirect", ours, ignore=bare)
    shutil.copytree(ROOT / "shared/sharetrail", folder / "layer/sharetrail", ignore=bare)
    theirs.mkdir()
    shutil.copy(Path(__file__).with_name("cookbook.py"), theirs)
    (theirs / "caching.py").write_text(_CACHING)
    (theirs / "null.py").write_text(_NULL)


def _authorities() -> bytes:
    """As many as botocore trusts: to read them is a part of its every start."""
    (bundle,) = HOME.glob("lib/python*/site-packages/botocore/cacert.pem")
    return bundle.read_bytes()
