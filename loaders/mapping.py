"""The crosswalk, mapped beside the rest of a build in processes of its own.

A fresh process maps each share of the codes and brings it into the form a bundle keeps it in, which it hands
over piece by piece. The shares wait for each other only where a motif is read from all of them.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from loaders.beside import Advanced, peak_bytes
from terminology.bundle.crosswalk.crosswalk_writer import BATCH, StoredCrosswalks, stored_crosswalks
from terminology.codes import code_key
from terminology.crosswalk import Crosswalk
from terminology.crosswalk.engine import map_codes, recommended
from terminology.crosswalk.judge.motif import motifs
from terminology.crosswalk.library_crosswalk import LibraryCorpus
from terminology.crosswalk.review.overrides import Override
from terminology.crosswalk.shares import Share, shares
from terminology.errors import BundleError

_WHAT = "codes mapped"
_TOLD_EVERY = 500
# From titles alone mapping takes twice as long as all else. With WHO's tables one process is done before the
# search index of so much more is, and spares the memory of a second.
_FROM_TITLES = 2
# So few codes are mapped before a process has begun.
_FEW = 4096
# What cannot be divided, writing and indexing, has a core to itself where two processes map on the other.
_NICE = 3

Mapped = Callable[[], tuple[list[StoredCrosswalks], list[int]]]
"""Waits for the crosswalk; returns its parts and the peak of each process that mapped, in bytes."""


@contextmanager
def mapping_beside(
    chosen: LibraryCorpus | None,
    overrides: Sequence[Override],
    advanced: Advanced,
    processes: int | None = None,
) -> Iterator[Mapped]:
    """Begin to map what the engine reads of a library; yield a function that waits for what comes of it.

    Few codes are mapped by that function itself, more in ``processes``: one, or two from titles alone.
    Leaving the block ends them. ``advanced`` is told, by threads, how many codes are mapped. Raises as
    :func:`shares`; the function raises :class:`BundleError` for a process that ended before its work.
    """
    if chosen is None:
        yield lambda: ([], [])
        return
    if processes is None:
        wanted = 1 if chosen.corpus.mappings else _FROM_TITLES
        processes = 0 if len(chosen.corpus.source) <= _FEW else min(wanted, os.cpu_count() or 1)
    divided = shares(chosen, overrides, max(processes, 1))
    total = sum(len(share.places) for share in divided)
    done = dict.fromkeys(range(len(divided)), 0)

    def tell(number: int, mapped: int) -> None:
        done[number] = mapped
        advanced(_WHAT, sum(done.values()), total)

    if processes:
        begun = [_Begun(share, number, tell) for number, share in enumerate(divided)]
        del chosen, divided
        try:
            yield lambda: _gathered(begun)
        finally:
            for each in begun:
                each.end()
    else:
        yield lambda: ([part for share in divided for part in _map_here(share, partial(tell, 0))], [])


class _Begun:
    """A process that maps a share, and the thread that hears from it."""

    def __init__(self, share: Share, number: int, tell: Callable[[int, int], None]) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_map_there, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._heard: SimpleQueue[Any] = SimpleQueue()
        self._tell = partial(tell, number)
        self._listening = Thread(target=self._listen, args=([share],), daemon=True)
        self._listening.start()

    def _listen(self, shares_to_send: list[Share]) -> None:
        with suppress(EOFError, OSError):
            self._connection.send(shares_to_send.pop())
            while True:
                heard = self._connection.recv()
                if isinstance(heard, int):
                    self._tell(heard)
                else:
                    self._heard.put(heard)
        self._heard.put("it ended before its work, for want of memory or killed")

    def mapped(self) -> tuple[dict[str, str | None], dict[str, str]]:
        """Wait until the share is mapped: what it recommends, and WHO's way back."""
        answer: tuple[dict[str, str | None], dict[str, str]] = self._answer()
        return answer

    def give(self, found: dict[str, Any]) -> None:
        """Give the share the motifs of its codes."""
        with suppress(OSError):
            self._connection.send(found)

    def stored(self) -> tuple[list[StoredCrosswalks], int]:
        """Wait for the share in the form it is kept in, and for the peak of its process."""
        parts: list[StoredCrosswalks] = []
        while not isinstance(heard := self._answer(), _Done):
            parts.append(heard)
        return parts, heard.peak

    def _answer(self) -> Any:
        heard = self._heard.get()
        if isinstance(heard, str):
            raise BundleError(f"a process that maps codes failed: {heard}")
        return heard

    def end(self) -> None:
        """End the process if it still runs."""
        self._process.terminate()
        self._process.join()
        self._listening.join()
        self._connection.close()


class _Done(NamedTuple):
    """The last word of a process that maps: the peak of its memory, in bytes."""

    peak: int


def _gathered(begun: Sequence[_Begun]) -> tuple[list[StoredCrosswalks], list[int]]:
    answers = [each.mapped() for each in begun]
    whole = {code: expression for found, _ in answers for code, expression in found.items()}
    found = motifs(whole, answers[0][1])
    for each, (own, _) in zip(begun, answers, strict=True):
        each.give({code: found[code] for code in own})
    stored = [each.stored() for each in begun]
    return [part for parts, _ in stored for part in parts], [peak for _, peak in stored]


def _map_there(connection: Connection[Any, Any]) -> None:
    """In a process of its own: map the share that is sent, then give it the motifs that are sent."""
    with suppress(EOFError, BrokenPipeError):
        try:
            os.nice(_NICE)
            gc.disable()
            share: Share = connection.recv()
            tell = connection.send
            found, reverse = map_codes(share.chosen.corpus, share.overrides, _now_and_then(tell, share))
            connection.send((recommended(found), reverse))
            by_code = connection.recv()
            for part in _stored(share, found, by_code):
                connection.send(part)
            connection.send(_Done(peak_bytes()))
        except Exception:
            connection.send(traceback.format_exc())


def _map_here(share: Share, tell: Callable[[int], None]) -> Iterator[StoredCrosswalks]:
    found, reverse = map_codes(share.chosen.corpus, share.overrides, _now_and_then(tell, share))
    return _stored(share, found, motifs(recommended(found), reverse))


def _stored(share: Share, found: Sequence[Crosswalk], by_code: dict[str, Any]) -> Iterator[StoredCrosswalks]:
    """Bring crosswalks into the form they are kept in, a batch at a time."""
    release_of = share.chosen.release_of
    for start in range(0, len(found), BATCH):
        crosswalks = [
            replace(c, motif=by_code[c.source_code], source_release=release_of[code_key(c.source_code)])
            for c in found[start : start + BATCH]
        ]
        yield stored_crosswalks(crosswalks, share.places[start : start + BATCH])


def _now_and_then(tell: Callable[[int], None], share: Share) -> Callable[[int], None]:
    total = len(share.places)

    def told(mapped: int) -> None:
        if mapped % _TOLD_EVERY == 0 or mapped == total:
            tell(mapped)

    return told
