"""A visitor who walks through the stage's shop in any engine, and what that engine shows of it."""

import json
import time
from collections.abc import Callable
from typing import Any, Self

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.pages import Stage

_ELSEWHERE = '<a id="on" href="{}">On</a>'


class Visitor:
    """In a browser's only window, left by earlier visitors; each stage is an origin of its own."""

    def __init__(self, driver: WebDriver, stage: Stage) -> None:
        self.driver, self._stage = driver, stage

    def __enter__(self) -> Self:
        self._window = self.driver.current_window_handle
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self.driver.window_handles:
            if handle != self._window:
                self.driver.switch_to.window(handle)
                self.driver.close()
        self.driver.switch_to.window(self._window)
        self.driver.delete_all_cookies()
        self.driver.get("about:blank")

    def go(self, path: str = "/shirt", *, html: str | None = None) -> None:
        if html is not None:
            self._stage.html = html
        self.driver.get(self._stage.shop + path)

    def land(self, *clicks: str, html: str | None = None) -> None:
        for click in clicks:
            self.go(f"/shirt?st={click}", html=html)

    def come_from_elsewhere(self, path: str = "/shirt") -> None:
        """By a link of a page on another host, so with its referrer."""
        here, self._stage.html = self._stage.html, _ELSEWHERE.format(self._stage.shop + path)
        self.driver.get(f"{self._stage.api}/elsewhere")
        link = self.driver.find_element(By.ID, "on")
        self._stage.html = here
        link.click()
        self.until(lambda: self.driver.current_url.startswith(self._stage.shop))
        self.until(lambda: self.run("return document.readyState") == "complete")

    def leave(self) -> None:
        """For another page of the shop, where the script is not: the page sends what it holds."""
        self.driver.get(f"{self._stage.shop}/opened/left")

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def button(self, network: str, nth: int = 0) -> WebElement:
        element = self.driver.find_elements(By.CSS_SELECTOR, "sharetrail-buttons")[nth]
        return element.shadow_root.find_element(By.CSS_SELECTOR, f".{network}")

    def press(self, network: str, nth: int = 0) -> None:
        self.button(network, nth).click()

    def inside(self, script: str) -> Any:
        """A value in JavaScript, with the first buttons' shadow root as `root`."""
        found = "const root = document.querySelector('sharetrail-buttons').shadowRoot;"
        return self.run(f"{found} return {script}")

    @property
    def labels(self) -> list[str]:
        """Of the buttons that show, in their order."""
        shown = "[...root.querySelectorAll('button:not([hidden])')]"
        return self.inside(f"{shown}.map(button => button.getAttribute('aria-label'))")

    @property
    def message(self) -> str:
        return self.inside("root.querySelector('[role=status]').textContent")

    @property
    def trail(self) -> str:
        return self.run("return window.sharetrail.trail")

    @property
    def visit(self) -> str:
        return self.run("return window.sharetrail.visit")

    @property
    def stored(self) -> dict[str, Any] | None:
        return json.loads(self.run("return localStorage.getItem('sharetrail')") or "null")

    def until(self, what: Callable[[], Any], seconds: float = 8) -> Any:
        """Wait for something to become true, and answer it."""
        end = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.02)
        return found

    def pause(self, seconds: float) -> None:
        """Long enough for what must not happen."""
        time.sleep(seconds)
