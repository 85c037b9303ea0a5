"""The template of the previous release, from which a stack is upgraded: `make released` records
today's as that."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import yaml

from local.deployment import sizes
from local.template import intrinsics, names
from local.template.reader import TEMPLATE

RECORD = Path(__file__).with_name("released.yaml.gz")
_LAYER = "AWS::Serverless::LayerVersion"
_WHOLE = "Whole"
"""A layer that has what all of today's have."""


def main() -> None:
    # Without a time in it, so that the same template is the same file.
    RECORD.write_bytes(gzip.compress(TEMPLATE.read_bytes(), mtime=0))
    print(f"released: {TEMPLATE.name} is what the next one is upgraded from")


def text() -> str:
    return gzip.decompress(RECORD.read_bytes()).decode()


def resources() -> dict[str, Any]:
    return dict(intrinsics.read(text())["Resources"])


def lay_out(build: Path) -> Path:
    """The release, ready to be deployed with the code of this build: its own is not kept."""
    document = yaml.load(text(), intrinsics.Loader)
    for name in sizes.LAYERS:
        shutil.copytree(build / name, build / _WHOLE, dirs_exist_ok=True)
    built = {path.name for path in sizes.functions(build)}
    for logical, each in document["Resources"].items():
        if each["Type"] == names.FUNCTION:
            # Of one that is no more any other's will do: nobody calls it.
            each["Properties"]["CodeUri"] = logical if logical in built else min(built)
        if each["Type"] == _LAYER:
            each["Properties"]["ContentUri"] = _WHOLE
    target = build / "released.yaml"
    target.write_text(yaml.dump(document, sort_keys=False, width=1000))
    return target


if __name__ == "__main__":
    main()
