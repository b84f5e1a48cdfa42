"""The image, step by step without Docker: the Dockerfile's own lines installed, started and asked.

``install.sh`` downloads the run-time lock's wheels, which takes a minute: continuous integration does it, and
whoever sets ``TENELEVEN_CI``.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import IN_CI, missing
from tests.sealed_bundle import sealed_copy

ROOT = Path(__file__).parent.parent
COMPOSED = {"TENELEVEN_HOSTS": "codes.example.org", "TENELEVEN_PUBLIC_URL": "https://codes.example.org"}


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile in their order, each with what follows its word."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines) if word]


def last(word: str) -> str:
    return [rest for each, rest in instructions() if each == word][-1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the image copies, and run the step that installs it; return the folder it is in."""
    if not IN_CI:
        missing("a minute to install fifty packages")
    source, folder = tmp_path_factory.mktemp("src") / "project", tmp_path_factory.mktemp("opt") / "teneleven"
    shutil.copytree(ROOT, source, ignore=_left_out)
    step = next(rest for word, rest in instructions() if word == "RUN" and "install.sh" in rest)
    command = step.replace("/opt/teneleven", str(folder)).replace('"${PIP_OPTIONS}"', '"--retries=1"')
    made = subprocess.run(["sh", "-ec", command], cwd=source, capture_output=True, text=True, check=False)
    if "No matching distribution" in made.stderr or "Could not fetch" in made.stderr:
        missing("a package index")
    assert made.returncode == 0, made.stderr
    return folder


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Read .dockerignore as Docker does: a name counts at the root, one after ``**/`` everywhere."""
    found: set[str] = {name for name in names if name.startswith(".") and name.endswith("_cache")}
    for pattern in (ROOT / ".dockerignore").read_text().split():
        name = pattern.removeprefix("**/")
        if name in names and (name != pattern or Path(folder) == ROOT):
            found.add(name)
    return found


@pytest.fixture
def bundle(small_bundle: Path, tmp_path: Path) -> Path:
    return sealed_copy(small_bundle, tmp_path / "current")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(installed: Path, bundle: Path, port: int) -> dict[str, str]:
    """The environment of the image, the bundle where the volume would be, behind compose's names."""
    stated = dict(part.split("=", 1) for part in shlex.split(last("ENV")))
    stated["PATH"] = stated["PATH"].replace("/opt/teneleven", str(installed)).replace("$PATH", os.defpath)
    stated["TENELEVEN_BUNDLE"] = str(bundle)
    return {**stated, **COMPOSED, "TENELEVEN_PORT": str(port), "HOME": "/nonexistent"}


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [*_listed(last("ENTRYPOINT")), *_listed(last("CMD"))]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd="/", stdout=log, stderr=log)
    yield process
    process.terminate()
    process.wait(40)


def healthy(environment: dict[str, str]) -> bool:
    """Run the image's health check."""
    check = last("HEALTHCHECK").partition("CMD ")[2].replace(":8011", ":" + environment["TENELEVEN_PORT"])
    return subprocess.run(_listed(check), env=environment, capture_output=True, check=False).returncode == 0


def _listed(text: str) -> list[str]:
    """Read the exec form of an instruction."""
    return [str(part) for part in re.findall(r'"((?:[^"\\]|\\.)*)"', text)]


def test_the_image_s_steps_make_a_server_that_its_health_check_finds_well(
    running: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    for _ in range(300):
        if healthy(environment):
            break
        assert running.poll() is None
        time.sleep(0.1)
    else:
        pytest.fail("the health check never passed")
    running.terminate()
    assert running.wait(40) == 0
    assert not healthy(environment)


def test_the_installed_program_brings_its_tables_and_the_lock_s_packages_alone(installed: Path) -> None:
    python = installed / "bin" / "python"
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    ).stdout.lower()
    names = {line.partition("==")[0].replace("_", "-") for line in listed.splitlines()}
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {name.replace(".", "-") for name in names} - {name.replace(".", "-") for name in locked} == {
        "teneleven"
    }


def test_the_image_runs_as_nobody_in_particular() -> None:
    words = [word for word, _ in instructions()]
    assert last("USER") == "teneleven"
    assert words.index("USER") < words.index("ENTRYPOINT")
