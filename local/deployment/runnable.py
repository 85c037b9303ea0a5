"""A build that this machine can run: the one for Lambda, and of two libraries that are compiled the
files for this processor and Python."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from local.deployment import sizes

COMPILED = ("markupsafe", "pydantic_core")


def copy(build: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(build, target, ignore=shutil.ignore_patterns("__pycache__"))
    for name in COMPILED:
        shutil.rmtree(target / sizes.LAYERS[1] / "python" / name)
        shutil.copytree(
            installed(name),
            target / sizes.LAYERS[1] / "python" / name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return target


def installed(name: str) -> Path:
    """Where this machine has a package."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise LookupError(name)
    return Path(spec.origin).parent
