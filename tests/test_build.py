"""What `make build` makes: the layers and functions that Lambda gets, without Docker."""

import ast
import os
import re
import shutil
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

from local.artifacts import bom, bytecode
from local.artifacts.bytecode import BUILD
from local.deployment import sizes, stamp
from local.template import intrinsics
from sharetrail.words.languages import ENGLISH, LANGUAGES
from tests import builds

ROOT = Path(__file__).parents[1]
PINNED = ROOT / "shared" / "requirements.txt"
LOCKED = ROOT / "requirements.lock"
# Lambda's runtime brings boto3 and what it stands on; ours beside them would shadow it.
OF_THE_RUNTIME = {"boto3", "botocore", "s3transfer", "urllib3", "python-dateutil", "six"}
OURS = {
    "aws-lambda-powertools",
    "pydantic",
    "jinja2",
    "babel",
    "segno",
    "typing-extensions",
    "tzdata",
}
MB = 1_000_000
LAMBDA_TAKES = 250 * MB  # unzipped, a function and its layers together
MOST = {"Layer": 12 * MB, "Libraries": 28 * MB}
"""What the layers may grow to before somebody has a look at why."""
AARCH64 = 183  # e_machine of an ELF file


# ── Pins ─────────────────────────────────────────────────────────────────────────────────────────
def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", path.read_text(), re.MULTILINE))


def test_the_layers_pins_are_the_locks():
    assert pins(PINNED).items() <= pins(LOCKED).items()
    assert list(pins(PINNED)) == sorted(pins(PINNED))


def test_the_layer_has_what_our_libraries_need_and_nothing_else():
    assert set(pins(PINNED)) == needed_by(OURS) - OF_THE_RUNTIME


def test_what_pyproject_asks_for_is_in_the_layer_or_in_the_runtime():
    asked = {name_in(line) for line in requires("sharetrail") or []}
    assert asked == OURS | {"boto3"}


def test_what_we_import_is_in_the_layer_or_is_the_runtimes_boto3():
    """What boto3 stands on moves with the runtime, and is not ours to call."""
    brings = packages_distributions()
    asked = {
        name_in(distribution)
        for path in (ROOT / "shared" / "sharetrail").rglob("*.py")
        for module in imports_of(path)
        for distribution in brings.get(module, [])
        if not module.startswith("mypy_")  # types, which nothing loads
    }
    assert asked - {"sharetrail"} <= OURS | {"boto3", "botocore", "markupsafe", "pydantic-core"}


def imports_of(path: Path) -> set[str]:
    """What a module imports, by the first part of each name."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    whole = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in whole | parts}


def needed_by(names: set[str]) -> set[str]:
    """These distributions and whatever they require without an extra or another condition."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            asked = [line.partition(";") for line in requires(name) or []]
            waiting += [name_in(line) for line, _, marker in asked if not marker]
    return found


def name_in(requirement: str) -> str:
    (name,) = re.findall(r"^[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[._-]+", "-", name).lower()


# ── The gate ─────────────────────────────────────────────────────────────────────────────────────
def test_the_gate_names_what_is_not_compiled_or_compiled_for_another_python(tmp_path):
    for name in ("good", "other", "checked", "bare"):
        source = tmp_path / "Function" / f"{name}.py"
        source.parent.mkdir(exist_ok=True)
        source.write_text("")
    compiled = tmp_path / "Function" / "__pycache__"
    compiled.mkdir()
    magic, unchecked, checked = b"\xf3\x0d\r\n", b"\x01\0\0\0", b"\x03\0\0\0"
    (compiled / "good.cpython-313.pyc").write_bytes(magic + unchecked)
    (compiled / "checked.cpython-313.pyc").write_bytes(magic + checked)
    (compiled / "other.cpython-313.pyc").write_bytes(b"\xa7\x0d\r\n" + unchecked)
    (compiled / "bare.cpython-311.pyc").write_bytes(magic + unchecked)
    assert [path.stem for path in bytecode.lacking(tmp_path)] == ["bare", "checked", "other"]


def test_without_any_python_313_the_build_says_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode, "_PYTHONS", ())
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs a python3\.13 that runs, or node and npm"):
        bytecode.compile_under(tmp_path)


@pytest.mark.slow
def test_where_no_python_313_runs_pyodides_compiles(tmp_path, monkeypatch):
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm, which bring Pyodide, are not installed")
    monkeypatch.setattr(bytecode, "_PYTHONS", ())
    shutil.copytree(ROOT / "functions/redirect", tmp_path / "Redirect")
    assert bytecode.compile_under(tmp_path) == bytecode.PYODIDE
    assert list(bytecode.lacking(tmp_path)) == []
    compiled = tmp_path / "Redirect/__pycache__/app.cpython-313.pyc"
    assert b"/var/task/app.py" in compiled.read_bytes()


# ── The build ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def build() -> Path:
    builds.built()
    return BUILD


@pytest.fixture(scope="module")
def package(build: Path) -> Path:
    """Ours."""
    return build / "Layer" / "python"


@pytest.fixture(scope="module")
def libraries(build: Path) -> Path:
    """Whatever it stands on."""
    return build / "Libraries" / "python"


def code(template: Path) -> dict[str, str]:
    resources = intrinsics.read(template.read_text())["Resources"]
    functions = {n: r for n, r in resources.items() if r["Type"] == "AWS::Serverless::Function"}
    return {name: each["Properties"]["CodeUri"] for name, each in functions.items()}


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder's files, bytecode apart."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.slow
def test_every_function_of_the_template_is_built_with_all_its_files(build):
    resources = intrinsics.read((build / "template.yaml").read_text())["Resources"]
    functions = {
        name: ROOT
        / intrinsics.read((ROOT / "template.yaml").read_text())["Resources"][name]["Properties"][
            "CodeUri"
        ]
        for name, each in resources.items()
        if each["Type"] == "AWS::Serverless::Function"
    }
    assert len(functions) == len(list(ROOT.glob("functions/*/app.py")))
    for name, folder in functions.items():
        assert resources[name]["Properties"]["CodeUri"] == name
        ours = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
        assert {path.name for path in (build / name).iterdir()} == ours | {"__pycache__"}
    assert (build / "ServeScript" / "sharetrail.min.js").exists()


@pytest.mark.slow
def test_every_source_has_its_bytecode_for_cpython_313(build):
    assert list(bytecode.lacking(build)) == []
    compiled = list(build.rglob("*.pyc"))
    assert len(compiled) == len(list(build.rglob("*.py"))) > 100
    assert all(path.name.endswith(".cpython-313.pyc") for path in compiled)


@pytest.mark.slow
def test_bytecode_knows_the_paths_of_lambda_and_none_of_the_machine_that_made_it(build):
    ours = (
        build / "Layer/python/sharetrail/sharing/__pycache__/links.cpython-313.pyc"
    ).read_bytes()
    assert b"/opt/python/sharetrail/sharing/links.py" in ours
    assert b"/var/task/app.py" in (build / "Redirect/__pycache__/app.cpython-313.pyc").read_bytes()
    here = os.fsencode(ROOT)
    assert not [path for path in build.rglob("*.pyc") if here in path.read_bytes()]


@pytest.mark.slow
def test_every_compiled_library_is_for_arm64_and_for_python_313(build):
    libraries = [path for path in build.rglob("*") if ".so" in path.suffixes]
    assert {path.name.split(".")[0] for path in libraries} == {"_pydantic_core", "_speedups"}
    for library in libraries:
        header = library.read_bytes()[:20]
        assert header[:5] == b"\x7fELF\x02"
        assert int.from_bytes(header[18:20], "little") == AARCH64
        assert "cpython-313-aarch64" in library.name


@pytest.mark.slow
def test_our_layer_has_our_package_with_its_mails_and_pages_and_nothing_else(package):
    shipped = files(ROOT / "shared/sharetrail")
    left = {name for name in shipped if name.endswith((".po", "/catalogues/.done"))}
    assert files(package / "sharetrail") == {n: shipped[n] for n in shipped.keys() - left}
    compiled = {f"words/catalogues/{each}.mo" for each in LANGUAGES if each != ENGLISH}
    mailed = ("report.html", "report.txt", "sentences.toml", "new_link.toml")
    ours = {f"report/mailing/templates/{name}" for name in mailed}
    ours |= {"web/page.html", "sharing/networks.txt", "clicks/bot_patterns.txt"}
    ours |= {"attribution/coupon_sites.txt", "clicks/seen_on.txt"}
    assert ours | compiled <= shipped.keys()
    assert [path.name for path in package.iterdir()] == ["sharetrail"]


@pytest.mark.slow
def test_the_libraries_are_what_the_pins_say_and_leave_the_runtimes_boto3_alone(libraries):
    assert (libraries / "tzdata/zoneinfo/America/New_York").exists()
    assert (libraries / "babel/locale-data/ar_EG.dat").exists()
    dists = [path.name.removesuffix(".dist-info") for path in libraries.glob("*.dist-info")]
    found = {name.replace("_", "-"): version for name, version in (d.split("-") for d in dists)}
    assert found == pins(PINNED)
    others = ("boto3", "botocore", "bin", ".lock", "sharetrail")
    assert not [name for name in others if (libraries / name).exists()]


@pytest.mark.slow
def test_a_layer_has_the_licence_of_whatever_is_in_it_where_the_doc_says(build):
    told = re.findall(
        r"^\| `([\w-]+)` \|.*\| (?:`(\S+)`|none is asked for) \|$",
        (ROOT / "docs/supply-chain.md").read_text(),
        re.MULTILINE,
    )
    assert {name for name, _ in told} > pins(PINNED).keys()
    for name, place in told:
        found = [path for layer in sizes.LAYERS for path in (build / layer).glob(place or "-")]
        texts = [each / name for each in found if each.is_dir() for name in os.listdir(each)]
        assert bool(place) == bool([each for each in texts or found if holds_a_licence(each)]), name
    assert files(build / "Layer/licences") == files(bom.TEXTS)
    assert (build / "Layer/bom.cdx.json").read_bytes() == bom.TARGET.read_bytes()


def holds_a_licence(path: Path) -> bool:
    return path.name.upper().startswith(("LICENSE", "LICENCE")) or path.parent.name == "licences"


@pytest.mark.slow
def test_the_libraries_have_no_part_of_anybodys_that_the_bill_lacks(libraries):
    """Scripts, styles, pictures, fonts, programs and manuals come from elsewhere, as a rule."""
    code = {".py", ".pyc", ".pyi", ".c", ".so", ".typed"}
    data = {".dat", ".txt", ".json", ".zi", ".tab", ".unicode", ""}
    theirs = [path for path in libraries.rglob("*") if path.is_file()]
    assert {path.suffix for path in theirs} <= code | data
    plain = {path.relative_to(libraries).parts[0] for path in theirs if not path.suffix}
    assert {each for each in plain if not each.endswith(".dist-info")} == {"tzdata"}


@pytest.mark.slow
def test_layers_and_functions_are_far_below_what_lambda_takes(build):
    weights = {name: sizes.weight(build / name) for name in sizes.LAYERS}
    assert {name: weight for name, weight in weights.items() if weight > MOST[name]} == {}
    assert max(map(sizes.weight, sizes.functions(build))) < MB / 10
    assert sum(MOST.values()) + MB / 10 < LAMBDA_TAKES / 4


@pytest.mark.slow
def test_a_build_has_a_mark_by_which_its_deployment_publishes_versions(build):
    document = intrinsics.read((build / "template.yaml").read_text())
    marks = {each["Properties"]["AutoPublishCodeSha256"] for each in stamp.functions(document)}
    assert [len(mark) for mark in marks] == [64]
