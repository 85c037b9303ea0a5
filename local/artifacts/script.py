"""Writes functions/serve_script/sharetrail.min.js, which shops load: `make script`, by npm."""

import re
import subprocess
from pathlib import Path

from local.artifacts import node_tools

SOURCE = Path(__file__).parents[2] / "functions/serve_script/sharetrail.js"
TARGET = SOURCE.with_name("sharetrail.min.js")
# What the element calls its own parts: in no browser's vocabulary, or at least not that we use.
_OWN = "build|buttons?|given|group|language|look|message|ownUrl|recordOnce|saying|second"
_OWN += "|show|shownTitle|silence|tell|toggle|wish"
_OPTIONS = (
    *("--ecma", "2020", "--compress", "passes=3,unsafe_arrows=true,keep_fargs=false"),
    *("--mangle", "--mangle-props", f"regex=/^({_OWN})$/"),
)
_STYLES = re.compile(r"`(\s*:host.*?)`", re.DOTALL)


def main() -> None:
    TARGET.write_text(minified(SOURCE.read_text("utf-8")), "utf-8")
    print(f"{TARGET.stat().st_size} bytes in {TARGET.name}")


def minified(source: str) -> str:
    """Names and blanks shortened; what it does, and the syntax that browsers must know, stay."""
    shrunk = _STYLES.sub(lambda styles: f"`{_without_blanks(styles[1])}`", source)
    terser = node_tools.installed() / "terser/bin/terser"
    minify = ["node", terser, *_OPTIONS]
    run = subprocess.run(minify, input=shrunk, check=True, capture_output=True, text=True)
    return run.stdout.strip() + "\n"


def _without_blanks(styles: str) -> str:
    return re.sub(r"\s*([{};,])\s*|(?<=:)\s+", r"\1", " ".join(styles.split()))


if __name__ == "__main__":
    main()
