"""Environments of their own beside the project's, each under `.cache`: made by uv at first use."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache"
_UV = Path(sys.prefix) / "bin/uv"


class Absent(Exception):
    """An environment cannot be had on this machine."""


class NoInterpreter(Absent):
    """There is no Python of the version that it needs."""


def is_made(home: Path, contents: str) -> bool:
    """Whether the environment there is the one that was `mark`ed with these contents."""
    marker = home / "made"
    return marker.is_file() and marker.read_text() == contents


def mark(home: Path, contents: str) -> None:
    (home / "made").write_text(contents)


def install(home: Path, interpreter: str, *packages: str | Path) -> Path:
    """A new environment's Python; among the packages may be options of `uv pip install`."""
    executable = home / "bin/python"
    _uv("venv", "--clear", "--python", interpreter, home)
    _uv("pip", "install", "--python", executable, *packages)
    return executable


def interpreter(version: str) -> str:
    """A CPython of a version like `3.13`; nothing where none runs."""
    program = ("-I", "-c", "import sys; print(sys.executable)")
    # A version manager's shim answers `command -v` and runs only when told which version it is.
    for variables in ({}, {"PYENV_VERSION": version}):
        if path := output(f"python{version}", *program, **variables):
            return path
    return output(_UV, "python", "find", version)


def output(*command: str | Path, **variables: str) -> str:
    """What a command prints; nothing where it fails."""
    try:
        run = subprocess.run(command, env=_variables(variables), capture_output=True, text=True)
    except OSError:
        return ""
    return "" if run.returncode else run.stdout.strip()


def _uv(*arguments: str | Path) -> None:
    command = [_UV, *arguments, "--quiet"]
    try:
        run = subprocess.run(command, env=_variables({}), capture_output=True, text=True)
    except OSError as error:
        raise Absent(f"no uv beside this Python: {error}") from error
    if run.returncode:
        raise Absent(f"uv {arguments[0]}: {' '.join(run.stderr.split())[-300:]}")


def _variables(variables: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **variables}
