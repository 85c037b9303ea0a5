"""Writes shared/sharetrail/clicks/bot_patterns.txt from npm's isbot: `make bots`, which needs npm.

Its origin: isbot by Omri Lotan and contributors, released under the Unlicense.
"""

import json
import re
from pathlib import Path

from local.artifacts import node_tools

PACKAGE = "isbot"
TARGET = Path(__file__).parents[2] / "shared/sharetrail/clicks/bot_patterns.txt"
# Python's re wants lookbehinds of one width, and no class as the end of a range.
EDITS = {
    "(?<! channel/|google/)google": "(?<! channel/)(?<!google/)google",
    r"[\w\d-.]": r"[\w\d.-]",
}


def main() -> None:
    source = (node_tools.installed() / PACKAGE / "index.mjs").read_text("utf-8")
    listed = source[source.index("[") : source.index("];") + 1]
    patterns = [_for_python(pattern) for pattern in json.loads(listed)]
    TARGET.write_text("".join(f"{pattern}\n" for pattern in patterns))
    print(f"{len(patterns)} patterns in {TARGET.name}")


def _for_python(pattern: str) -> str:
    for theirs, ours in EDITS.items():
        pattern = pattern.replace(theirs, ours)
    re.compile(pattern)
    return pattern


if __name__ == "__main__":
    main()
