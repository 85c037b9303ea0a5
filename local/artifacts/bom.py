"""Writes shared/bom.cdx.json, which lists what a deployment ships as CycloneDX has it, and into
shared/licences the texts that no package brings: `make bom`.

Without a clock and without a number drawn: of the same pins it is the same, byte for byte.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import tzdata
from babel.core import get_cldr_version

from local.artifacts import bots, licences, node_tools, roots

ROOT = Path(__file__).parents[2]
PINNED = ROOT / "shared/requirements.txt"
LOCKED = ROOT / "requirements.lock"
TARGET = ROOT / "shared/bom.cdx.json"
TEXTS = ROOT / "shared/licences"
OURS = "sharetrail"
_FOR = ("--python-platform", "aarch64-manylinux_2_34", "--python-version", "3.13")
"""As shared/Makefile installs them."""
_UV = Path(sys.executable).with_name("uv")
_OF_MAILS = "mjml-python"
_ROOTS = "amazon-roots"
# Of the bundle's packages none brings more of its licence than its address: one of ours does.
_WITH_MPL = "hypothesis"

Component = dict[str, Any]


class Wheel(NamedTuple):
    """What the libraries' layer has of one package: a file of these bytes."""

    version: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something of others that comes in no package: in files of ours, and made by a program."""

    name: str
    kind: str
    licence: str
    where: tuple[str, ...]
    """In our own layer's `python`."""
    more: Component


def main() -> None:
    TARGET.write_text(written(wheels()), "utf-8")
    TEXTS.mkdir(exist_ok=True)
    for name, text in texts().items():
        (TEXTS / name).write_text(text, "utf-8")
    print(f"{TARGET.name}: {len(json.loads(TARGET.read_text())['components'])} components")


def written(shipped: dict[str, Wheel]) -> str:
    packages = [_package(name, wheel) for name, wheel in sorted(shipped.items())]
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "build"}], "component": _ours()},
        "components": [*packages, *map(_of_part, parts())],
        "dependencies": list(_dependencies(shipped)),
    }
    return json.dumps(bom, indent=1, ensure_ascii=False) + "\n"


def wheels() -> dict[str, Wheel]:
    """Of each pinned package the file that the layers get: asked of the registry, by uv."""
    asked = [PINNED, *_FOR, "--only-binary", ":all:", "--no-deps", "--no-header", "--quiet"]
    told = ["--generate-hashes", "--format", "pylock.toml"]
    compiled: list[str | Path] = [_UV, "pip", "compile", *asked, *told]
    said = subprocess.run(compiled, check=True, capture_output=True, text=True).stdout
    return {each["name"]: _wheel(each) for each in tomllib.loads(said)["packages"]}


def committed() -> dict[str, Wheel]:
    """The same of the bill that stands, which knows it without asking."""
    found = {}
    for each in json.loads(TARGET.read_text())["components"]:
        if file := re.search(r"\?file_name=(.+)", each.get("purl", "")):
            found[each["name"]] = Wheel(each["version"], file[1], each["hashes"][0]["content"])
    return found


def parts() -> list[Part]:
    patterns = node_tools.locked(bots.PACKAGE)
    mails = metadata.version(_OF_MAILS)
    return [
        Part(
            name=bots.PACKAGE,
            kind="library",
            licence=patterns["license"],
            where=(_in_layer(bots.TARGET),),
            more={
                "version": patterns["version"],
                "description": "its list of patterns alone, two of them edited for Python",
                "purl": f"pkg:npm/{bots.PACKAGE}@{patterns['version']}",
                "hashes": [_sha512(patterns["integrity"])],
            },
        ),
        Part(
            name=_OF_MAILS,
            kind="library",
            licence=licences.id_of(licences.text(_OF_MAILS)),
            where=("sharetrail/report/mailing/templates",),
            more={
                "version": mails,
                "description": "the frame that it writes around our mails, at build time",
                "purl": f"pkg:pypi/{_OF_MAILS}@{mails}",
            },
        ),
        Part(
            name=_ROOTS,
            kind="data",
            licence=licences.id_of(licences.text(_WITH_MPL)),
            where=(_in_layer(roots.TARGET),),
            more={
                "description": "five certificates of Amazon's authorities, from Mozilla's bundle",
                "hashes": [_sha256(roots.TARGET.read_bytes())],
            },
        ),
    ]


def texts() -> dict[str, str]:
    """What shared/licences has, by its name there: ours, and that of each part, word for word."""
    isbots = node_tools.installed() / bots.PACKAGE / "LICENSE"
    return {
        f"{OURS}.txt": (ROOT / "LICENSE").read_text("utf-8"),
        f"{bots.PACKAGE}.txt": isbots.read_text("utf-8"),
        f"{_OF_MAILS}.txt": licences.text(_OF_MAILS),
        f"{_ROOTS}.txt": _mpl(licences.text(_WITH_MPL)),
    }


# ── Components ───────────────────────────────────────────────────────────────────────────────────
def _ours() -> Component:
    return {
        "type": "application",
        "bom-ref": OURS,
        "name": OURS,
        "version": metadata.version(OURS),
        "description": "Lambda functions and their layers, for Python 3.13 on arm64",
        "licenses": _licensed("MIT", said=True),
    }


def _package(name: str, wheel: Wheel) -> Component:
    said = licences.declared(name)
    component = {
        "type": "library",
        "bom-ref": _ref(name, wheel),
        "name": name,
        "version": wheel.version,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "licenses": _licensed(said or licences.id_of(licences.text(name)), said=bool(said)),
        "purl": f"{_ref(name, wheel)}?file_name={wheel.file}",
    }
    within = list(_within(name))
    return {**component, "components": within} if within else component


def _of_part(part: Part) -> Component:
    return {
        "type": part.kind,
        "bom-ref": part.more.get("purl", part.name),
        "name": part.name,
        "licenses": _licensed(part.licence, said=False),
        **part.more,
        "evidence": {"occurrences": [{"location": each} for each in part.where]},
    }


def _within(name: str) -> Iterator[Component]:
    """What a package carries of others: data, or what its own bill says was compiled into it."""
    if name == "babel":
        yield _data("cldr", get_cldr_version(), "Unicode-3.0", "Unicode's words and formats")
    if name == "tzdata":
        zones = "the time zone database of IANA"
        yield _data("tz", tzdata.IANA_VERSION, "LicenseRef-Public-Domain", zones)
    for file in metadata.files(name) or ():
        if file.match("*.dist-info/sboms/*.json"):
            yield from map(_crate, json.loads(Path(file.locate()).read_text())["components"])


def _data(name: str, version: str, licence: str, description: str) -> Component:
    return {
        "type": "data",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "description": description,
        "licenses": _licensed(licence, said=True),
    }


def _crate(theirs: Component) -> Component:
    kept = {name: theirs[name] for name in ("type", "name", "version", "hashes", "purl")}
    (licence,) = theirs["licenses"]
    said = licence.get("expression") or licence["license"]["id"]
    return {**kept, "bom-ref": theirs["purl"], "licenses": _licensed(said, said=True)}


def _dependencies(shipped: dict[str, Wheel]) -> Iterator[dict[str, Any]]:
    refs = {name: _ref(name, wheel) for name, wheel in shipped.items()}
    by_parts = [part.more.get("purl", part.name) for part in parts()]
    asked = [refs[name] for name in _required(OURS) if name in refs]
    yield {"ref": OURS, "dependsOn": sorted([*asked, *by_parts])}
    for name, ref in sorted(refs.items()):
        yield {"ref": ref, "dependsOn": sorted(refs[each] for each in _required(name))}


def _required(name: str) -> list[str]:
    """What it needs without an extra or another condition."""
    asked = [each for each in metadata.requires(name) or [] if ";" not in each]
    return [re.sub(r"[._-]+", "-", re.split(r"[^\w.-]", each)[0]).lower() for each in asked]


# ── Bits ─────────────────────────────────────────────────────────────────────────────────────────
def _wheel(package: dict[str, Any]) -> Wheel:
    (one,) = package["wheels"]
    return Wheel(package["version"], one["url"].rpartition("/")[2], one["hashes"]["sha256"])


def _ref(name: str, wheel: Wheel) -> str:
    return f"pkg:pypi/{name}@{wheel.version}"


def _licensed(licence: str, *, said: bool) -> list[dict[str, Any]]:
    """`said` by whom it is of, or else concluded from the text."""
    how = {"acknowledgement": "declared" if said else "concluded"}
    if re.search(r"[ (]|^LicenseRef-", licence):
        return [{"expression": licence, **how}]
    return [{"license": {"id": licence, **how}}]


def _sha256(content: bytes) -> dict[str, str]:
    return {"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}


def _sha512(integrity: str) -> dict[str, str]:
    return {
        "alg": "SHA-512",
        "content": base64.b64decode(integrity.removeprefix("sha512-")).hex(),
    }


def _in_layer(file: Path) -> str:
    return file.relative_to(ROOT / "shared").as_posix()


def _mpl(text: str) -> str:
    """Without what the package says before it."""
    return text[text.index("Mozilla Public License Version 2.0") :]


if __name__ == "__main__":
    main()
