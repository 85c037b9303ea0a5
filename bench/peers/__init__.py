"""Other people's attribution, each in an environment of its own: .cache/peers, made at first use.

They want an older Python than ours may be, and large packages.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".cache/peers"
CHANNEL_ATTRIBUTION = "channel_attribution"
EXACT = "exact"
"""The names of the scripts beside this file, and of their environments."""
_SCIENCE = ("numpy==2.4.6", "pandas==3.1.1")
_PACKAGES = {
    CHANNEL_ATTRIBUTION: ("channelattribution==2.2.5", "matplotlib==3.11.2", *_SCIENCE),
    EXACT: (
        "do-attribution==0.0.2",
        "marketing-attribution-models==2.1.1",
        "polars==2.1.0",
        "pyarrow==26.0.1",
        "scipy==1.17.1",
        *_SCIENCE,
    ),
}
_UV = Path(sys.prefix) / "bin/uv"
_MINOR = "3.11"
"""The newest Python that ChannelAttribution can be built for."""


class Absent(Exception):
    """A peer cannot be had on this machine."""


class NoInterpreter(Absent):
    """There is no Python old enough for it."""


@cache
def python(name: str) -> Path:
    """The interpreter that can run a script; its packages are installed where they are not."""
    home = HOME / name
    executable, made = home / "bin/python", home / "made"
    asked = "\n".join(_PACKAGES[name])
    if not made.is_file() or made.read_text() != asked:
        _uv("venv", "--clear", "--python", _interpreter(), home)
        _uv("pip", "install", "--compile-bytecode", "--python", executable, *_PACKAGES[name])
        made.write_text(asked)
    return executable


def command(name: str, file: Path) -> list[str | Path]:
    """Runs a script over rows that `bench.journeys.dump` wrote."""
    return [python(name), Path(__file__).with_name(f"{name}.py"), file]


def told(command: Sequence[str | Path]) -> dict[str, Any]:
    """What a script says with its last line; before it, some packages advertise."""
    run = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{command[-2]} broke:\n{run.stderr}")
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def _environment() -> dict[str, str]:
    """Caches of theirs stay here."""
    return {**os.environ, "MPLCONFIGDIR": str(HOME / "matplotlib"), "UV_PYTHON_DOWNLOADS": "never"}


def _interpreter() -> str:
    # A version manager's shim answers `command -v` and runs only when told which version it is.
    for variables in ({}, {"PYENV_VERSION": _MINOR}):
        found = _said(
            f"python{_MINOR}", "-I", "-c", "import sys; print(sys.executable)", **variables
        )
        if found:
            return found
    if found := _said(_UV, "python", "find", _MINOR):
        return found
    raise NoInterpreter(f"no Python {_MINOR} on this machine")


def _said(*told: str | Path, **variables: str) -> str:
    """What a command prints; nothing where it fails."""
    try:
        run = subprocess.run(told, env=_environment() | variables, capture_output=True, text=True)
    except OSError:
        return ""
    return "" if run.returncode else run.stdout.strip()


def _uv(*arguments: str | Path) -> None:
    told = [_UV, *arguments, "--quiet"]
    try:
        run = subprocess.run(told, env=_environment(), capture_output=True, text=True)
    except OSError as error:
        raise Absent(f"no uv beside this Python: {error}") from error
    if run.returncode:
        raise Absent(f"uv {arguments[0]}: {' '.join(run.stderr.split())[-300:]}")
