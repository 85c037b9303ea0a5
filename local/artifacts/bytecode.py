"""Compile what `sam build` built, for Lambda's CPython 3.13: `python -m local.artifacts.bytecode`.

Lambda's disk is read-only, so what has no .pyc is compiled at every cold start, which doubles it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from local.artifacts import node_tools

BUILD = Path(__file__).parents[2] / ".aws-sam/build"
PYODIDE = f"pyodide@{node_tools.version('pyodide')}"  # carries CPython 3.13
_COMPILER = Path(__file__).with_name("compiler.py")
_LOADER = Path(__file__).with_name("compiler.mjs")
_TAG = "cpython-313"
# The magic number of CPython 3.13, and the flag of a .pyc that is never held against its source.
_HEADER = (3571).to_bytes(2, "little") + b"\r\n" + (1).to_bytes(4, "little")
# A version manager's python3.13 answers `command -v` and runs only when told which it is.
_PYTHONS: tuple[dict[str, str], ...] = ({}, {"PYENV_VERSION": "3.13"})


def main() -> None:
    if not BUILD.is_dir():
        sys.exit("bytecode: nothing is built; `make build` does both")
    by = compile_under(BUILD)
    if bare := list(lacking(BUILD)):
        sys.exit(f"bytecode: not compiled for CPython 3.13: {', '.join(map(str, bare))}")
    print(f"bytecode: {len(list(BUILD.rglob('*.py')))} files compiled by {by}")


def compile_under(build: Path) -> str:
    """Compiles each function and layer of the build; what it was done with."""
    for variables in _PYTHONS:
        environment = {**os.environ, **variables}
        if _is_ours(environment):
            _run(["python3.13", "-I", _COMPILER, build], environment)
            return "python3.13"
    if not (shutil.which("node") and shutil.which("npm")):
        sys.exit("bytecode: needs a python3.13 that runs, or node and npm, which bring one")
    module = node_tools.installed() / "pyodide/pyodide.mjs"
    _run(["node", _LOADER, module, _COMPILER, build])
    return PYODIDE


def lacking(build: Path) -> Iterator[Path]:
    """Sources without the .pyc that Lambda's Python would load, relative to the build."""
    for source in sorted(build.rglob("*.py")):
        compiled = source.parent / "__pycache__" / f"{source.stem}.{_TAG}.pyc"
        if not compiled.exists() or compiled.read_bytes()[: len(_HEADER)] != _HEADER:
            yield source.relative_to(build)


def _is_ours(environment: dict[str, str]) -> bool:
    asked = "import importlib.util as i, sys; print(sys.implementation.cache_tag, *i.MAGIC_NUMBER)"
    try:
        said = subprocess.run(
            ["python3.13", "-I", "-c", asked], env=environment, capture_output=True, text=True
        )
    except OSError:
        return False
    return said.stdout.split() == [_TAG, *map(str, _HEADER[:4])]


def _run(command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, env=environment).returncode:
        sys.exit(f"bytecode: {command[0]} failed")


if __name__ == "__main__":
    main()
