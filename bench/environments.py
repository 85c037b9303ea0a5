"""Environments of their own beside the project's, each under `.cache`: made by uv at first use."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache"
_UV = Path(sys.prefix) / "bin/uv"


class Absent(Exception):
    """An environment cannot be had on this machine."""


class NoInterpreter(Absent):
    """There is no Python of the version that it needs."""


def python(
    home: Path, interpreter: str, *packages: str | Path, then: Callable[[Path], None] | None = None
) -> Path:
    """The Python of the environment there, made where it is not the one of these packages. Among
    them may be options of `uv pip install`, and files that these name. `then` is done to a new one.
    """
    executable, marker = home / "bin/python", home / "made"
    contents = "\n".join(each.read_text() if isinstance(each, Path) else each for each in packages)
    if not (marker.is_file() and marker.read_text() == contents):
        _uv("venv", "--clear", "--python", interpreter, home)
        _uv("pip", "install", "--python", executable, *packages)
        if then:
            then(executable)
        marker.write_text(contents)
    return executable


def interpreter(version: str) -> str:
    """A CPython of a version like `3.13`; nothing where none runs."""
    # A version manager's shim runs only when told which version it is.
    return output(_UV, "python", "find", version, PYENV_VERSION=version)


def output(*command: str | Path, **variables: str) -> str:
    """What a command prints; nothing where it fails."""
    try:
        return _run(*command, **variables).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _uv(*arguments: str | Path) -> None:
    try:
        _run(_UV, *arguments, "--quiet")
    except OSError as error:
        raise Absent(f"no uv beside this Python: {error}") from error
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.split())[-300:]
        raise Absent(f"uv {arguments[0]}: {reason}") from error


def _run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
