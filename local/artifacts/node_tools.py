"""What npm brings for what is made here: the versions that node/package.json names exactly, theirs
and their own by the checksums of package-lock.json, which names no address.

Another version: write it into package.json, then `make lock`.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_DECLARED = Path(__file__).with_name("node")
_CACHE = Path(__file__).parents[2] / ".cache"
_LOCK = _DECLARED / "package-lock.json"
# Nothing of a package runs while it is installed.
_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def installed() -> Path:
    """The folder of their modules, fetched once. CalledProcessError where npm cannot, OSError where
    there is no npm."""
    home = _CACHE / f"node-{hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]}"
    if not home.exists():
        _CACHE.mkdir(exist_ok=True)
        # Elsewhere first: whoever finds the folder finds all of it.
        with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
            made = Path(folder) / "made"
            shutil.copytree(_DECLARED, made)
            _npm_ci(made)
            _put(made, home)
    return home / "node_modules"


def version(package: str) -> str:
    return str(locked(package)["version"])


def locked(package: str) -> dict[str, Any]:
    """What package-lock.json says of one: its version and integrity among others."""
    packages: dict[str, Any] = json.loads(_LOCK.read_text())["packages"]
    return dict(packages[f"node_modules/{package}"])


def _npm_ci(folder: Path) -> None:
    try:
        subprocess.run(["npm", "ci", *_QUIETLY], cwd=folder, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        error.add_note(error.stderr.decode()[-500:])
        raise


def _put(made: Path, home: Path) -> None:
    try:
        made.rename(home)
    except OSError:  # another run was faster
        if not home.exists():
            raise
