"""The build: from release files to a bundle in its place."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from loaders.acquire import Sources, gather
from loaders.library import read_library
from loaders.progress import Progress
from loaders.reading import Reading
from terminology.bundle.assemble import write_library
from terminology.bundle.manifest import Manifest
from terminology.bundle.workspace import workspace
from terminology.graph import Dangling, TerminologyGraph

Step = Callable[[Path, Progress], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build made: ``seconds`` of wall time, ``peak_bytes`` the largest resident size on the way."""

    manifest: Manifest
    dangling: Sequence[Dangling]
    seconds: float
    peak_bytes: int


def build_bundle(
    sources: Sources, destination: Path, progress: Progress, steps: Sequence[Step] = ()
) -> Outcome:
    """Build a bundle and put it in the place of ``destination``.

    ``steps`` add to the folder what other packages make of the database, the search index for one. Nothing
    at ``destination`` changes unless all went well; every error of the domain passes through.
    """
    begun = perf_counter()
    files, missing = gather(sources, progress)
    reading = Reading(files, progress)
    for notice in missing:
        reading.notice(notice)
    with workspace(destination, lambda: progress.stage("Waiting for another build of this bundle")) as folder:
        progress.stage("Reading release files")
        library = read_library(reading)
        progress.stage("Checking the graph")
        report = TerminologyGraph.of(library).report
        progress.stage("Writing the database")
        manifest = write_library(library, report, folder, reading.sources, version("teneleven"))
        for step in steps:
            step(folder, progress)
        progress.stage("Putting the bundle in its place")
    return Outcome(manifest, report.dangling, perf_counter() - begun, _peak())


def _peak() -> int:
    """The largest resident size so far, in bytes (getrusage gives KiB on Linux, bytes on macOS)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
