"""The template of the previous release, from which a stack is upgraded: `make released` records
today's as that."""

import gzip
from pathlib import Path
from typing import Any

import yaml

from local.template import intrinsics, names
from local.template.reader import TEMPLATE

RECORD = Path(__file__).with_name("released.yaml.gz")
_LAYER = "AWS::Serverless::LayerVersion"


def main() -> None:
    # Without a time in it, so that the same template is the same file.
    RECORD.write_bytes(gzip.compress(TEMPLATE.read_bytes(), mtime=0))
    print(f"released: {TEMPLATE.name} is what the next one is upgraded from")


def text() -> str:
    return gzip.decompress(RECORD.read_bytes()).decode()


def resources() -> dict[str, Any]:
    return dict(intrinsics.read(text())["Resources"])


def lay_out(packaged: Path) -> Path:
    """The release, ready to be deployed with today's code and layers: its own are not kept."""
    document = yaml.load(text(), intrinsics.Loader)
    today = intrinsics.read(packaged.read_text())["Resources"]
    own = document["Resources"].items()
    layers = {name: each for name, each in today.items() if each["Type"] == _LAYER}
    stays = {name: each for name, each in own if each["Type"] != _LAYER}
    document["Resources"] = stays | layers
    document["Globals"]["Function"]["Layers"] = [{"Ref": name} for name in layers]
    for name, each in stays.items():
        if each["Type"] == names.FUNCTION:
            # Of one that is no more any other's code will do: nobody calls it.
            code = today.get(name, today["Redirect"])["Properties"]["CodeUri"]
            each["Properties"] = {**each["Properties"], "CodeUri": code}
            each["Properties"].pop("Layers", None)
    target = packaged.with_name("released.yaml")
    target.write_text(yaml.dump(document, sort_keys=False, width=1000))
    return target


if __name__ == "__main__":
    main()
