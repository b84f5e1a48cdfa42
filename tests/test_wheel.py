"""The wheel in an environment of its own: alone it is the library, with its extras every face runs.

The environments are new and hold nothing but the wheel and a finder that lends packages of this environment
by name: what pip would have installed for the extras, and no others.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import venv
from importlib.metadata import requires
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.sealed_bundle import sealed_copy

ROOT = Path(__file__).parent.parent
_LENDER = '''
import sys
from importlib.machinery import PathFinder
from importlib.metadata import DistributionFinder, MetadataPathFinder

PLACE, NAMES, PACKAGES = {place!r}, frozenset({names!r}), frozenset({packages!r})


class Lender(DistributionFinder):
    """Finds the lent packages in the place they are lent from."""

    def find_spec(self, name, path=None, target=None):
        lent = path is None and name in NAMES
        return PathFinder.find_spec(name, [PLACE]) if lent else None

    def find_distributions(self, context=DistributionFinder.Context()):
        if context.name is None or context.name.lower().replace("_", "-") in PACKAGES:
            there = DistributionFinder.Context(name=context.name, path=[PLACE])
            yield from MetadataPathFinder.find_distributions(there)


sys.meta_path.append(Lender())
'''


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of a copy of the sources."""
    copy = tmp_path_factory.mktemp("source") / "teneleven"
    names = ("teneleven", "terminology", "loaders", "indexes", "web")
    for name in names:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy / name)
    out = copy.parent / "dist"
    options = ("--quiet", "--wheel", "--no-isolation", "--outdir", str(out), str(copy))
    run([sys.executable, "-m", "build", *options])
    (found,) = out.glob("*.whl")
    return found


def environment(folder: Path, wheel: Path, *extras: str) -> Path:
    """Make an environment with the wheel and the packages of its extras; return its folder of programs."""
    venv.create(folder, symlinks=True, with_pip=False)
    (site,) = folder.glob("lib/python3.*/site-packages")
    pip = ("-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check", "install")
    run([sys.executable, *pip, "--quiet", "--no-deps", "--no-index", str(wheel)])
    packages = needed(wheel, extras)
    place = Path(httpx.__file__).parent.parent
    modules = modules_of(packages)
    names = sorted(modules | {f"_{module}" for module in modules})  # with what is compiled beside them
    lender = _LENDER.format(place=str(place), names=names, packages=sorted(packages))
    (site / "lender.py").write_text(lender)
    (site / "lender.pth").write_text("import lender\n")
    return folder / "bin"


def needed(wheel: Path, extras: tuple[str, ...]) -> set[str]:
    """Return the packages that pip would install with the wheel and these extras, by their metadata."""
    with ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    own = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    wanted = [("teneleven", extra) for extra in ("", *extras)]
    seen: set[tuple[str, str]] = set()
    while wanted:
        package, extra = wanted.pop()
        if (package, extra) in seen:
            continue
        seen.add((package, extra))
        try:
            texts = own if package == "teneleven" else requires(package) or []
        except ModuleNotFoundError:
            continue  # of another platform
        for requirement in map(Requirement, texts):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                named = canonicalize_name(requirement.name)
                wanted += [(named, each) for each in ("", *requirement.extras)]
    return {package for package, _ in seen} - {"teneleven"}


def modules_of(packages: set[str]) -> set[str]:
    """Return the top-level modules of packages."""
    from importlib.metadata import packages_distributions  # noqa: PLC0415  reads every package

    return {
        module
        for module, owners in packages_distributions().items()
        if packages & {canonicalize_name(owner) for owner in owners}
    }


def run(command: list[str], expected: int = 0, **options: object) -> str:
    """Run a command outside the project's folder; return what it printed on both streams."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={}, **options)  # type: ignore[call-overload]
    assert done.returncode == expected, done.stdout + done.stderr
    return str(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel alone."""
    return environment(tmp_path_factory.mktemp("alone"), wheel)


@pytest.fixture(scope="module")
def whole(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the extras ``all`` and ``mcp``."""
    return environment(tmp_path_factory.mktemp("whole"), wheel, "all", "mcp")


def test_the_wheel_owns_the_names_that_the_readme_tells(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if ".dist-info" not in name}
    told = (ROOT / "README.md").read_text("utf-8")
    assert tops == {"teneleven", "terminology", "loaders", "indexes", "web"}
    assert all(f"`{name}`" in told for name in tops)


def test_the_library_runs_alone(alone: Path, small_bundle: Path) -> None:
    program = f"""
import teneleven as te
from datetime import date
with te.open({str(small_bundle)!r}) as bundle:
    day = date(2026, 11, 2)
    print(bundle.lookup("E11.9").title, bundle.map("E11.9").recommended.expression)
    print(bundle.search("type 2 diabetes").results[0].code)
    print(bundle.validate(["E11.9"], on=day)[0].status, bundle.map_column(["E11.9"], on=day).num_rows)
    claim = {{"setting": "professional", "date_of_service": "2026-11-02", "diagnoses": ["E11"]}}
    print(len(bundle.check(claim).findings), bundle.crosswalk_table().num_rows)
"""
    told = run([str(alone / "python"), "-c", program])
    assert told.startswith("Type 2 diabetes mellitus without complications 5A11\n")


def test_the_commands_that_look_up_run_alone_and_others_say_what_they_need(
    alone: Path, small_bundle: Path
) -> None:
    teneleven, of = str(alone / "teneleven"), ["--bundle", str(small_bundle)]
    assert "lookup" in run([teneleven, "--help"])
    assert "E11.9" in run([teneleven, "lookup", "E11.9", *of])
    assert "5A11" in run([teneleven, "map", "E11.9", *of])
    assert "E11.9" in run([teneleven, "search", "diabetes", *of])
    for command, extra in (("check", "files"), ("build", "build")):
        assert f"teneleven[{extra}]" in run([teneleven, command, "--help"], expected=1)
    for command, extra in (("serve", "server"), ("mcp", "mcp")):
        assert f"teneleven[{extra}]" in run([teneleven, command, *of], expected=1)
    assert "teneleven[files]" in run([teneleven, "map", "--batch", "none.csv", *of], expected=1)


def test_every_command_runs_with_the_extras(whole: Path) -> None:
    teneleven = str(whole / "teneleven")
    listed = run([teneleven, "--help"]).split("Commands:")[1].split("\n")
    for command in (line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "):
        assert f"Usage: teneleven {command}" in run([teneleven, command, "--help"])
    assert "flask" in run([teneleven, "licences", "--check"])


def test_the_server_answers(whole: Path, small_bundle: Path, tmp_path: Path) -> None:
    sealed_copy(small_bundle, tmp_path / "bundle")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(whole / "teneleven"), "serve", "--bundle", str(tmp_path / "bundle"), "--port", str(port)]
    with subprocess.Popen(command, cwd="/", env={}) as server:
        try:
            for _ in range(300):
                assert server.poll() is None
                try:
                    page = httpx.get(f"http://127.0.0.1:{port}/code/icd-10-cm/E11.9")
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            assert "Type 2 diabetes mellitus without complications" in page.text
            assert httpx.get(f"http://127.0.0.1:{port}/static/teneleven.css").status_code == 200
            assert httpx.get(f"http://127.0.0.1:{port}/fhir/r4/metadata").status_code == 200
        finally:
            server.terminate()


def test_the_mcp_server_answers(whole: Path, small_bundle: Path) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    command = [str(whole / "teneleven"), "mcp", "--bundle", str(small_bundle)]
    told = run(command, input=json.dumps(hello) + "\n")
    assert json.loads(told.splitlines()[0])["result"]["serverInfo"]["name"] == "teneleven"
