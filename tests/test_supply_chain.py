"""What a deployment ships: each file of others pinned, listed, and under a licence we know.

The bill of materials is shared/bom.cdx.json; docs/supply-chain.md says it to people.
"""

import base64
import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import license_expression
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from local.artifacts import bom, licences, node_tools
from tests import npm

ROOT = Path(__file__).parents[1]
LOCKS = [
    ROOT / "requirements.lock",
    ROOT / "local/artifacts/sam.lock",
    ROOT / "local/artifacts/checkov.lock",
]
DOC = (ROOT / "docs/supply-chain.md").read_text()
SPDX = license_expression.Licensing()
Component = dict[str, Any]

# What may ship without asking anybody: each lets us use it, and wants its notice kept at the most.
ALLOWED = {
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "LicenseRef-Public-Domain",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
}
# Whoever changes these files, and passes them on, must pass on what they changed.
ALLOWED_HERE = {"amazon-roots": {"MPL-2.0"}}


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return dict(json.loads(bom.TARGET.read_text("utf-8")))


@pytest.fixture(scope="module")
def components(bill: dict[str, Any]) -> list[Component]:
    return list(all_of(bill["components"]))


def all_of(components: list[Component]) -> Iterator[Component]:
    """These and whatever they carry."""
    for each in components:
        yield each
        yield from all_of(each.get("components", []))


def licence_of(component: Component) -> str:
    (stated,) = component["licenses"]
    return str(stated.get("expression") or stated["license"]["id"])


# ── The bill of materials ────────────────────────────────────────────────────────────────────────
def test_the_bill_is_what_cyclonedx_calls_one() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom.TARGET.read_text()) is None


def test_the_bill_is_of_todays_pins() -> None:
    """Files are taken from it, which to name takes the registry: the next test holds them."""
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", bom.PINNED.read_text(), re.MULTILINE))
    assert {name: wheel.version for name, wheel in bom.committed().items()} == pins, "make bom"
    assert bom.written(bom.committed()) == bom.TARGET.read_text("utf-8"), "make bom"


def test_each_file_is_one_of_the_lock_and_runs_on_lambdas_python_and_processor() -> None:
    locked = dict(requirements(LOCKS[0]))
    for name, wheel in bom.committed().items():
        assert wheel.sha256 in locked[f"{name}=={wheel.version}"]
        assert wheel.file.endswith("-none-any.whl") or re.search(
            r"-cp313-cp313-manylinux\w+_aarch64", wheel.file
        )


@pytest.mark.slow
def test_each_file_is_the_one_that_is_installed_into_the_layer() -> None:
    assert bom.wheels() == bom.committed()


def test_each_component_has_one_name_and_all_that_need_each_other_are_there(
    bill: dict[str, Any], components: list[Component]
) -> None:
    refs = [each["bom-ref"] for each in components]
    assert len(refs) == len({*refs}) > 100
    asking = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    needed = {each for asked in asking.values() for each in asked}
    assert needed == {each["bom-ref"] for each in bill["components"]}
    assert needed >= asking.keys() - {bom.OURS}


def test_what_comes_in_no_package_is_where_the_bill_says(bill: dict[str, Any]) -> None:
    places = [
        place["location"]
        for each in bill["components"]
        for place in each.get("evidence", {}).get("occurrences", ())
    ]
    assert len(places) > 2
    assert [each for each in places if not (ROOT / "shared" / each).exists()] == []


# ── Licences ─────────────────────────────────────────────────────────────────────────────────────
def test_all_that_ships_is_under_licences_that_we_know(components: list[Component]) -> None:
    new = {
        each["name"]: licence_of(each)
        for each in components
        if not is_allowed(licence_of(each), ALLOWED | ALLOWED_HERE.get(each["name"], set()))
    }
    assert new == {}


@pytest.mark.parametrize(
    ("stated", "is_one"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("(GPL-3.0-only OR Zlib) AND Unicode-3.0", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only WITH Classpath-exception-2.0", False),
    ],
)
def test_of_several_licences_one_is_chosen_where_one_may(stated: str, is_one: bool) -> None:
    assert is_allowed(stated, ALLOWED) == is_one


def is_allowed(stated: str, allowed: set[str]) -> bool:
    """Whether one may choose so that all are among the allowed."""

    def holds(part: Any) -> bool:
        if isinstance(part, SPDX.AND):
            return all(map(holds, part.args))
        if isinstance(part, SPDX.OR):
            return any(map(holds, part.args))
        return part.render() in allowed

    return holds(SPDX.parse(stated))


@pytest.mark.parametrize("package", sorted(bom.committed()))
def test_what_a_package_says_of_itself_is_what_its_licence_says(package: str) -> None:
    said = licences.declared(package)
    assert said in (None, licences.id_of(licences.text(package)))


def test_a_text_that_nobody_has_read_is_no_licence() -> None:
    with pytest.raises(licences.UnknownLicence):
        licences.id_of("You may look at this on Sundays.")


def test_texts_that_no_package_brings_are_their_own_word_for_word() -> None:
    npm.program("npm")
    committed = {path.name: path.read_text("utf-8") for path in bom.TEXTS.iterdir()}
    assert committed == bom.texts(), "make bom"
    stated = {f"{part.name}.txt": part.licence for part in bom.parts()} | {"sharetrail.txt": "MIT"}
    assert {name: licences.id_of(text) for name, text in committed.items()} == stated


# ── Pins ─────────────────────────────────────────────────────────────────────────────────────────
def requirements(lock: Path) -> list[tuple[str, list[str]]]:
    """What a lock asks for, name and version, each with its checksums."""
    text = re.sub(r"\s*#.*", "", lock.read_text())
    lines = re.sub(r"\\\n\s*", "", text).split("\n")
    parted = [line.partition("--hash=") for line in lines if line]
    return [
        (asked.partition(" ;")[0].strip(), re.findall(r"sha256:([0-9a-f]{64})", sums))
        for asked, _, sums in parted
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_line_of_a_lock_is_one_version_and_the_checksums_of_its_files(lock: Path) -> None:
    asked = requirements(lock)
    assert len(asked) > 50
    assert [each for each, _ in asked if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*", each)] == []
    assert [each for each, sums in asked if not sums] == []


def test_whatever_the_makefiles_install_is_held_against_checksums() -> None:
    """uv, which installs the rest, the SAM CLI and checkov by their lines of the locks."""
    uv = [each for each, _ in requirements(LOCKS[0]) if each.startswith("uv==")]
    assert uv == [f"uv=={metadata.version('uv')}"]
    for lock in LOCKS[1:]:
        asked = lock.with_suffix(".in").read_text().split()
        assert {*asked} <= {each for each, _ in requirements(lock)}
    recipes = (ROOT / "Makefile").read_text() + (ROOT / "shared/Makefile").read_text()
    installs = re.findall(r"pip (?:install|sync)(?:.*\\\n)*.*|install --quiet.*", recipes)
    assert len(installs) > 3
    unchecked = [each for each in installs if "--require-hashes" not in each]
    assert [each for each in unchecked if "--no-deps" not in each] == [], "ours alone"


def test_npms_tools_are_of_one_version_each_and_held_against_checksums() -> None:
    folder = ROOT / "local/artifacts/node"
    asked = json.loads((folder / "package.json").read_text())["dependencies"]
    assert asked == {name: node_tools.version(name) for name in asked}
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    brought = [each for name, each in packages.items() if name]
    assert len(brought) > len(asked)
    for each in brought:
        assert len(base64.b64decode(each["integrity"].removeprefix("sha512-"))) == 64
        assert "resolved" not in each, "an address"


def test_what_tests_ask_of_npm_is_the_file_that_was_looked_at(tmp_path: Path) -> None:
    packed = tmp_path / "isbot.tgz"
    packed.write_bytes(b"another one")
    with pytest.raises(npm.OtherFile, match=r"not in npm_sums\.txt: isbot@5\.2\.3 sha512-"):
        npm.check(packed, "isbot@5.2.3")


def test_nothing_else_of_npm_is_run_than_what_is_held_against_checksums() -> None:
    """`npm exec` and `npx` take whatever a package's own dependencies allow today."""
    files = [*(ROOT / "local").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]
    texts = {path: path.read_text("utf-8") for path in files if path != Path(__file__)}
    running = r"\bnpx\b|npm[\", ]+(?:exec|x)\b|\"npm\", \"install\""
    assert [f"{path}" for path, text in texts.items() if re.search(running, text)] == []


# ── What people read ─────────────────────────────────────────────────────────────────────────────
def test_the_doc_has_a_line_for_each_thing_that_ships(bill: dict[str, Any]) -> None:
    told = dict(re.findall(r"^\| `([\w-]+)` \| ([^|]+?) \|", DOC, re.MULTILINE))
    crates = {"pydantic-core"}
    listed = all_of([{**each, "components": []} for each in bill["components"]])
    within = all_of(
        inner
        for each in bill["components"]
        if each["name"] not in crates
        for inner in each.get("components", [])
    )
    shipped = {each["name"]: licence_of(each) for each in [*listed, *within]}
    named = {"LicenseRef-Public-Domain": "public domain"}
    assert told == {name: named.get(each, each) for name, each in shipped.items()}


def test_the_doc_names_each_licence_that_may_ship() -> None:
    stated = {each.removeprefix("LicenseRef-") for each in ALLOWED | {"MPL-2.0"}} - {
        "Public-Domain"
    }
    assert [each for each in sorted(stated) if each not in DOC] == []


def test_the_doc_names_each_debian_package_since_their_versions_are_debians() -> None:
    script = re.sub(r"\\\n", "", (ROOT / ".ci/run").read_text())
    calls = re.findall(r"apt-get install(.*?)>", script)
    named = {each for call in calls for each in call.split() if not each.startswith("-")}
    assert len(named) > 8
    assert [each for each in sorted(named) if f"`{each}`" not in DOC] == []
