"""What every browser test needs: one Chromium a session, axe-core, and a small world to visit."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.pages import Shopper, Stage

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = "axe-core-4.14.1"
NPM_CACHE = Path(__file__).parents[2] / ".cache" / "npm"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, fetched once."""
    packed = NPM_CACHE / f"{AXE}.tgz"
    if not packed.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm, which brings axe-core, is not installed")
        NPM_CACHE.mkdir(parents=True, exist_ok=True)
        fetched = subprocess.run(
            [npm, "pack", "--silent", "@".join(AXE.rsplit("-", 1))],
            cwd=NPM_CACHE,
            capture_output=True,
            text=True,
        )
        if fetched.returncode:
            pytest.skip(f"npm could not fetch axe-core: {fetched.stderr.strip()[-200:]}")
    with tarfile.open(packed) as archive:
        source = archive.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


@pytest.fixture(scope="session")
def window(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def shopper(window: Page, stage: Stage) -> Iterator[Shopper]:
    """A visitor new to the shop; whatever a page throws fails the test."""
    shopper = Shopper(window, stage)
    yield shopper
    shopper.leave()
    assert shopper.errors == []
