"""What npm brings for a test: a package's files, fetched into .cache once, of the checksum that
npm_sums.txt has of that version.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

_CACHE = Path(__file__).parents[1] / ".cache" / "npm"
_SUMS = Path(__file__).with_name("npm_sums.txt")


class OtherFile(AssertionError):
    """npm brought something else than what we once looked at."""


def unpacked(package: str, version: str) -> Path:
    """The folder of a package's files; the test is skipped where it cannot be had."""
    home = _CACHE / f"{package.replace('/', '+')}-{version}"
    if not home.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=_CACHE) as folder:
            _fetch(f"{package}@{version}", Path(folder))
            put(Path(folder) / "package", home)
    return home


def program(name: str) -> str:
    """Where a program of Node's lies; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt install nodejs npm)")
    return found


def check(packed: Path, wanted: str) -> None:
    """OtherFile where this is not `name@version` as npm_sums.txt has it."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if f"{wanted} {found}" not in _SUMS.read_text().splitlines():
        raise OtherFile(f"not in {_SUMS.name}: {wanted} {found}")


def _fetch(wanted: str, folder: Path) -> None:
    pack = [program("npm"), "pack", "--silent", wanted, "--pack-destination", str(folder)]
    fetched = subprocess.run(pack, capture_output=True, text=True)
    if fetched.returncode:
        pytest.skip(f"npm could not fetch {wanted}: {fetched.stderr.strip()[-200:]}")
    (packed,) = folder.glob("*.tgz")
    check(packed, wanted)
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")


def put(files: Path, home: Path) -> None:
    """Where they are looked for: whoever finds the folder finds all of it."""
    try:
        files.rename(home)
    except OSError:  # another run was faster
        if not home.exists():
            raise
