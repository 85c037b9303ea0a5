"""Marks a build, so that its deployment publishes a version of every function:
`python -m local.deployment.stamp`.

SAM publishes one where a function's own code or variables changed. Ours is in a layer, and of
parameters it sees no values: so without a mark the alias would stay where it was. With the same
mark on all, one step back is the deployment before, whichever function it is.
"""

import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from local.artifacts.bytecode import BUILD
from local.deployment import sizes
from local.template import intrinsics, names

_MARK = "AutoPublishCodeSha256"


def main() -> None:
    template = BUILD / "template.yaml"
    if not template.is_file():
        sys.exit("stamp: nothing is built; `make build` does both")
    stamp(template)
    print("\n".join(sizes.lines(BUILD)))


def stamp(template: Path) -> str:
    """Marks it with the moment, and answers the mark."""
    mark = hashlib.sha256(f"{time.time_ns()}".encode()).hexdigest()
    document = yaml.load(template.read_text(), intrinsics.Loader)
    for each in functions(document):
        each["Properties"][_MARK] = mark
    template.write_text(yaml.dump(document, sort_keys=False, width=1000))
    return mark


def functions(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in document["Resources"].values() if each["Type"] == names.FUNCTION]


if __name__ == "__main__":
    main()
