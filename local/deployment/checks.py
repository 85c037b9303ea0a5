"""Checkov over what SAM makes of template.yaml, `make checkov`: of SAM's own resources it would see
neither roles nor policies."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from local.template.names import REGION
from local.template.reader import TEMPLATE

ROOT = TEMPLATE.parent
HOME = ROOT / ".cache/checkov"
CONFIG = ROOT / ".checkov.yaml"
TARGET = HOME / "template.json"


class _NoManagedPolicies:
    """The loader SAM asks for managed policies by name: we name none."""

    def load(self) -> dict[str, str]:
        return {}


def main() -> int:
    return run().returncode


def run(template: Path = TEMPLATE, *options: str) -> "subprocess.CompletedProcess[str]":
    TARGET.write_text(json.dumps(transformed(template), indent=1))
    command = [HOME / "bin/checkov", "--file", TARGET, "--config-file", CONFIG, *options]
    # Without the network, which it would ask for more to say.
    offline = {**os.environ, "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"}
    return subprocess.run(command, cwd=ROOT, env=offline, text=True)


def transformed(template: Path = TEMPLATE) -> dict[str, Any]:
    """Offline, as `sam deploy` has CloudFormation do it; SAM's own rules raise here."""
    document = yaml_parse(template.read_text())
    for resource in document["Resources"].values():
        for source in ("CodeUri", "ContentUri"):
            if source in resource.get("Properties", {}):
                resource["Properties"][source] = "s3://bucket/built"
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": REGION}):
        return dict(transform(document, {}, _NoManagedPolicies()))


if __name__ == "__main__":
    sys.exit(main())
