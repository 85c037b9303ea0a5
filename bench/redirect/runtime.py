"""Lambda's runtime for Python, awslambdaric, unmodified, in an environment of its own."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from bench import environments
from bench.environments import Absent

HOME = environments.CACHE / "bench"
_LOCK = environments.ROOT / "requirements.lock"
_PACKAGES = (  # those without a version have the lock file's
    "awslambdaric==4.2.2",
    "aws-xray-sdk==2.15.0",
    "aws-lambda-powertools",
    "boto3",
    "pydantic",
)
_COMPILING = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")


@cache
def python() -> Path:
    """The interpreter that has awslambdaric: of CPython 3.13 where one runs, or as ours.

    Absent where that fails: a part of it may have no wheel for this machine.
    """
    if sys.platform != "linux":
        raise Absent("awslambdaric runs on Linux alone")
    interpreter = environments.interpreter("3.13") or sys.executable
    packages = ("--constraint", _LOCK, *_PACKAGES)
    return environments.python(HOME, interpreter, *packages, then=_compile)


@cache
def version() -> str:
    return environments.output(python(), "--version")


def authorities() -> bytes:
    """As many as botocore trusts: to read them is a part of its every start."""
    (bundle,) = HOME.glob("lib/python*/site-packages/botocore/cacert.pem")
    return bundle.read_bytes()


def compile_all(folder: Path) -> None:
    """As `make build` does it."""
    _compile(python(), folder)


def _compile(executable: Path, folder: Path = HOME / "lib") -> None:
    subprocess.run([executable, *_COMPILING, folder], check=True)
