"""The build: from release files to a bundle in its place."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from loaders.acquire.sources import Sources, gather
from loaders.beside import Step, peak_bytes, running_beside
from loaders.files.reading import Reading
from loaders.library import read_library
from loaders.mapping import mapping_beside
from loaders.progress import Progress
from terminology.bundle.assemble import add_crosswalk, write_library
from terminology.bundle.checksums import seal
from terminology.bundle.manifest import Manifest
from terminology.bundle.workspace import workspace
from terminology.crosswalk.library_crosswalk import library_corpus
from terminology.crosswalk.review.overrides import Override
from terminology.crosswalk.review.table_rows import idle_rows_said
from terminology.graph import Dangling, TerminologyGraph
from terminology.version import VERSION


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build made: ``seconds`` of wall time, ``peak_bytes`` the largest resident size on the way.

    ``peak_bytes`` adds the peaks of the processes beside the build to the build's own. ``faults`` say what
    faults in files cost.
    """

    manifest: Manifest
    dangling: Sequence[Dangling]
    seconds: float
    peak_bytes: int
    faults: Sequence[str] = ()


def build_bundle(
    sources: Sources,
    destination: Path,
    progress: Progress,
    overrides: Sequence[Override] = (),
    steps: Sequence[Step] = (),
    target_release: str | None = None,
) -> Outcome:
    """Build a bundle and put it in the place of ``destination``.

    ``overrides`` are reviewed crosswalk decisions. ``steps`` are functions of a module that add to the folder
    what other packages make of its database, the search index for one; each runs in a process of its own
    while the crosswalk is computed in others. ``target_release`` is the ICD-11 release of the crosswalk, the
    newest loaded without it. Nothing at ``destination`` changes unless all went well; every error of the
    domain passes through.
    """
    begun = perf_counter()
    files, missing = gather(sources, progress)
    reading = Reading(files, progress, sources.strict)
    for notice in missing:
        reading.notice(notice)
    with workspace(destination, lambda: progress.stage("Waiting for another build of this bundle")) as folder:
        with _uncollected():
            progress.stage("Reading release files")
            library = read_library(reading)
        chosen = library_corpus(library, target_release)
        with mapping_beside(chosen, overrides, progress.advanced) as mapped:
            idle = idle_rows_said(chosen.corpus) if chosen is not None else None
            if idle is not None:
                progress.notice(idle)
            del chosen
            with _uncollected():
                progress.stage("Checking the graph")
                report = TerminologyGraph.of(library).report
            progress.stage("Writing the database")
            manifest = write_library(library, report, folder, reading.sources, VERSION)
            progress.stage("Indexing and mapping")
            del library  # it is not needed to map, and the steps need the memory
            gc.unfreeze()
            gc.collect()
            with running_beside(steps, folder, progress.advanced) as peaks:
                crosswalk, peaks_mapping = mapped()
        progress.stage("Writing the crosswalk")
        manifest = seal(folder, add_crosswalk(manifest, crosswalk, folder))
        progress.stage("Putting the bundle in its place")
    peak = peak_bytes() + sum(peaks) + sum(peaks_mapping)
    return Outcome(manifest, report.dangling, perf_counter() - begun, peak, reading.faults)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Run the block without the garbage collector, and keep it off what the block leaves behind.

    Millions of records are made that all live on; looking through them again and again took a third of the
    time of reading and checking.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
