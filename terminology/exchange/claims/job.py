"""Checks the claims of files on all processors: chunks go out, findings come back in order.

Memory holds a few chunks for each process, however large the files are.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from terminology.bundle.store import Store
from terminology.claims.bulk.checker import BulkChecker
from terminology.claims.claim import ClaimSetting
from terminology.errors import DataNotAvailableError, TenElevenError
from terminology.exchange.claims.checking import (
    CheckedClaims,
    ChunkOutcome,
    check_chunk,
)
from terminology.exchange.claims.read_claims import Chunk, read_chunks

Take = Callable[[ChunkOutcome], None]
_AHEAD = 2
"""Chunks that wait for each process: enough that none is idle, few enough for the memory."""
_checker: list[BulkChecker] = []


def check_files(
    paths: Sequence[Path],
    bundle: Path,
    take: Take,
    setting: ClaimSetting | None = None,
    processes: int | None = None,
    requested: tuple[str, ...] = (),
) -> CheckedClaims:
    """Check the claims of files and hand each chunk's outcome to ``take``, in the files' order.

    A file that cannot be read, or not to its end, is told in the summary's ``unread`` and the others are
    checked. A single chunk is checked in this process. ``requested`` are ids of edits that give their advice
    on request only. Raises :class:`BundleError`.
    """
    summary = CheckedClaims()
    chunks = _all_chunks(paths, setting, summary)
    first = list(islice(chunks, 2))
    count = processes or os.cpu_count() or 1
    alone = len(first) < 2 or count == 1
    chunks = chain(first, chunks)
    outcomes = _here(chunks, bundle, requested) if alone else _spread(chunks, bundle, count, requested)
    for outcome in outcomes:
        summary.add(outcome.summary)
        take(outcome)
    return summary


def _all_chunks(
    paths: Sequence[Path], setting: ClaimSetting | None, summary: CheckedClaims
) -> Iterator[Chunk]:
    for path in paths:
        try:
            yield from read_chunks(path, setting)
        except TenElevenError as fault:
            summary.unread.append(str(fault))


def _here(chunks: Iterator[Chunk], bundle: Path, requested: tuple[str, ...]) -> Iterator[ChunkOutcome]:
    store = Store(bundle)
    try:
        checker = BulkChecker(store, requested=requested)
        for chunk in chunks:
            yield check_chunk(chunk, checker)
    finally:
        store.close()


def _spread(
    chunks: Iterator[Chunk], bundle: Path, count: int, requested: tuple[str, ...]
) -> Iterator[ChunkOutcome]:
    with ProcessPoolExecutor(count, get_context("spawn"), _begin, (bundle, requested)) as pool:
        waiting: deque[Future[ChunkOutcome]] = deque()
        try:
            for chunk in chunks:
                waiting.append(pool.submit(_check, chunk))
                if len(waiting) >= count * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise DataNotAvailableError(
                "a process that checked claims was ended, as when memory runs out; check fewer at a time"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(bundle: Path, requested: tuple[str, ...]) -> None:
    gc.disable()  # claims and findings form no circles, and what is remembered is much to look through
    _checker.append(BulkChecker(Store(bundle), requested=requested))


def _check(chunk: Chunk) -> ChunkOutcome:
    return check_chunk(chunk, _checker[0])
