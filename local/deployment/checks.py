"""Checkov over what SAM makes of template.yaml, `make checkov`: of SAM's own resources it would see
neither roles nor policies."""

import json
import os
import subprocess
import sys
from typing import Any
from unittest import mock

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from local.template.names import REGION
from local.template.reader import TEMPLATE

ROOT = TEMPLATE.parent
HOME = ROOT / ".cache/checkov"
CONFIG = ROOT / ".checkov.yaml"
TARGET = ROOT / ".cache/template.json"
"""Not in HOME: uv makes an environment only where there is nothing or one of its own."""


class _NoManagedPolicies:
    """The loader SAM asks for managed policies by name: we name none."""

    def load(self) -> dict[str, str]:
        return {}


_OF_EVERYTHING = (
    *("--framework", "cloudformation", "--skip-download"),
    *("--output", "json", "--soft-fail"),
)


def main() -> int:
    said = run()
    print(said.stdout)
    return said.returncode


def run(*, everything: bool = False) -> "subprocess.CompletedProcess[str]":
    """By .checkov.yaml; or `everything` that it has, as JSON."""
    write()
    how = _OF_EVERYTHING if everything else ("--config-file", CONFIG)
    return subprocess.run(
        [HOME / "bin/checkov", "--file", TARGET, *how],
        # Beside .checkov.yaml it would go by that unasked.
        cwd=HOME if everything else ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def write() -> None:
    """What SAM makes of the template, to where it is checked."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(transformed(), indent=1))


def transformed() -> dict[str, Any]:
    """Offline, as `sam deploy` has CloudFormation do it; SAM's own rules raise here."""
    document = yaml_parse(TEMPLATE.read_text())
    for resource in document["Resources"].values():
        for source in ("CodeUri", "ContentUri"):
            if source in resource.get("Properties", {}):
                resource["Properties"][source] = "s3://bucket/built"
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": REGION}):
        return dict(transform(document, {}, _NoManagedPolicies()))


if __name__ == "__main__":
    sys.exit(main())
