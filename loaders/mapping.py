"""The crosswalk, mapped beside the rest of a build in processes of its own.

A fresh process maps one share of the codes after the other, brings them into the form a bundle keeps them in
and hands them over piece by piece. Processes wait for each other only where a motif is read from all codes.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from terminology.crosswalk.engine import Engine, map_codes, recommended
from terminology.crosswalk.judge.motif import motifs
from terminology.crosswalk.library_crosswalk import LibraryCorpus
from terminology.crosswalk.model import Motif
from terminology.crosswalk.review.overrides import Override
from terminology.crosswalk.shares import Share, lean, shares
from terminology.errors import BundleError

_WHAT = "codes mapped"
_TOLD_EVERY = 500
# From titles alone mapping takes twice as long as all else. With WHO's tables there is so much else that a
# second process would save little, and take a build over the 3 GB it may have.
_FROM_TITLES = 2
# A code takes from a quarter of a millisecond to six: processes that take a next share when done with
# one end together, two that divide all codes beforehand do not.
_SHARES_EACH = 4
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
    divided = shares(chosen, overrides, processes * _SHARES_EACH if processes > 1 else 1)
    chosen = lean(chosen)
    total = sum(len(share.codes) for share in divided)
    done = dict.fromkeys(range(max(processes, 1)), 0)

    def tell(number: int, mapped: int) -> None:
        done[number] = mapped
        advanced(_WHAT, sum(done.values()), total)

    if processes:
        waiting = deque(divided)
        begun = [_Begun(chosen, waiting, partial(tell, number)) for number in done]
        del chosen, divided
        try:
            yield lambda: _gathered(begun)
        finally:
            for each in begun:
                each.end()
    else:
        yield lambda: (_map_here(chosen, divided, partial(tell, 0)), [])


class _Begun:
    """A process that maps, and the thread that hears from it and gives it a share when it asks for one."""

    def __init__(self, chosen: LibraryCorpus, waiting: deque[Share], tell: Callable[[int], None]) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_map_there, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._heard: SimpleQueue[Any] = SimpleQueue()
        self._waiting = waiting
        self._tell = tell
        self._listening = Thread(target=self._listen, args=([chosen],), daemon=True)
        self._listening.start()

    def _listen(self, to_send: list[LibraryCorpus]) -> None:
        with suppress(EOFError, OSError):
            self._connection.send(to_send.pop())
            while True:
                heard = self._connection.recv()
                if isinstance(heard, int):
                    self._tell(heard)
                elif heard is _ANOTHER:
                    self._connection.send(self._share())
                else:
                    self._heard.put(heard)
        self._heard.put("it ended before its work, for want of memory or killed")

    def _share(self) -> Share | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def mapped(self) -> tuple[dict[str, str | None], dict[str, str]]:
        """Wait until no share is left: what the process recommends, and WHO's way back."""
        answer: tuple[dict[str, str | None], dict[str, str]] = self._answer()
        return answer

    def give(self, found: dict[str, Any]) -> None:
        """Give the process the motifs of its codes."""
        with suppress(OSError):
            self._connection.send(found)

    def stored(self) -> tuple[list[StoredCrosswalks], int]:
        """Wait for the codes in the form they are kept in, and for the peak of the process."""
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


_ANOTHER = None
"""What a process sends to be given another share; it is given ``None`` when there is none."""


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
    """In a process of its own: map the shares that are given, then give them the motifs that are sent."""
    with suppress(EOFError, BrokenPipeError):
        try:
            os.nice(_NICE)
            gc.disable()
            chosen: LibraryCorpus = connection.recv()
            mapping = _Mapping(chosen, connection.send)
            connection.send(_ANOTHER)
            while (share := connection.recv()) is not None:
                mapping.add(share)
                connection.send(_ANOTHER)
            connection.send((recommended(mapping.found), mapping.reverse))
            for part in mapping.stored(connection.recv()):
                connection.send(part)
            connection.send(_Done(peak_bytes()))
        except Exception:
            connection.send(traceback.format_exc())


def _map_here(
    chosen: LibraryCorpus, divided: Sequence[Share], tell: Callable[[int], None]
) -> list[StoredCrosswalks]:
    mapping = _Mapping(chosen, tell)
    for share in divided:
        mapping.add(share)
    return list(mapping.stored(motifs(recommended(mapping.found), mapping.reverse)))


class _Mapping:
    """The crosswalks of the shares that one process has mapped, with their places among all."""

    def __init__(self, chosen: LibraryCorpus, tell: Callable[[int], None]) -> None:
        self._engine = Engine(chosen.corpus)
        self._release_of = chosen.release_of
        self._tell = tell
        self.reverse = self._engine.bases.reverse_ten
        self.found: list[Crosswalk] = []
        self.places: list[int] = []

    def add(self, share: Share) -> None:
        """Map a share."""
        before = len(self.found)

        def told(mapped: int) -> None:
            if mapped % _TOLD_EVERY == 0 or mapped == len(share.codes):
                self._tell(before + mapped)

        self.found += map_codes(self._engine, share.codes, share.overrides, told)
        self.places += share.places

    def stored(self, by_code: Mapping[str, Motif]) -> Iterator[StoredCrosswalks]:
        """Bring all into the form they are kept in, a batch at a time, each with its motif."""
        for start in range(0, len(self.found), BATCH):
            crosswalks = [
                replace(
                    c,
                    motif=by_code[c.source_code],
                    source_release=self._release_of[code_key(c.source_code)],
                )
                for c in self.found[start : start + BATCH]
            ]
            yield stored_crosswalks(crosswalks, self.places[start : start + BATCH])
