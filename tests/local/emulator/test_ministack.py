import sys

import pytest

from local.emulator import ministack


def test_an_emulator_that_cannot_start_says_why_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(
        ministack, "_COMMAND", [sys.executable, "-c", "raise SystemExit('no luck')"]
    )
    with pytest.raises(RuntimeError, match="no luck"):
        ministack.Emulator().wait()
