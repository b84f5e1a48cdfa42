"""Steps of a build that run in processes of their own, and how far they are.

A fresh process imports this module to run a step, so it imports nothing that takes long.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any

Advanced = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is."""
Step = Callable[[Path, Advanced], object]

_NO_MORE = None
_told: list[Any] = []
"""In a step's process: the queue it tells how far it is."""


@contextmanager
def running_beside(steps: Sequence[Step], folder: Path, advanced: Advanced) -> Iterator[list[int]]:
    """Run the steps in fresh processes beside the block; an error of one is raised when the block ends.

    ``advanced`` is told, by a thread, how far each step is. Yields a list which then holds the peak of each
    step's process, in bytes.
    """
    peaks: list[int] = []
    if not steps:
        yield peaks
        return
    context = get_context("spawn")
    queue = context.SimpleQueue()
    listening = Thread(target=_pass_on, args=(queue, advanced), daemon=True)
    listening.start()
    try:
        with ProcessPoolExecutor(len(steps), context, _listen_to, (queue,)) as pool:
            running = [pool.submit(_run, step, folder) for step in steps]
            pool.shutdown(wait=False)  # a process ends, and gives back its memory, when its step is done
            yield peaks
            peaks += [each.result() for each in running]
    finally:
        queue.put(_NO_MORE)
        listening.join()


def _pass_on(queue: Any, advanced: Advanced) -> None:
    while (told := queue.get()) is not _NO_MORE:
        advanced(*told)


def _listen_to(queue: Any) -> None:
    _told.append(queue)


def _run(step: Step, folder: Path) -> int:
    step(folder, lambda what, done, total: _told[-1].put((what, done, total)))
    return peak_bytes()


def peak_bytes() -> int:
    """The largest resident size of this process so far.

    Linux says it in /proc; its getrusage gives a fresh process the size of the one that began it. Elsewhere
    getrusage is asked: bytes on macOS, else KiB.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
