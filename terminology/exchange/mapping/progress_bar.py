"""Shows how far a batch is: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class BatchDisplay:
    """A bar on standard error while the block runs; ``rows`` and ``part`` move it."""

    def __init__(self, console: Console | None = None) -> None:
        self._live = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            console=console or Console(stderr=True),
            transient=True,
        )
        self._live.disable = not self._live.console.is_terminal
        self._task = self._live.add_task("mapping", total=None, said="")

    def __enter__(self) -> BatchDisplay:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def rows(self, done: int, total: int | None) -> None:
        """Show rows done, of all where the file says how many there are."""
        said = f"{done:,}{f' of {total:,}' if total else ''} rows"
        self._live.update(self._task, completed=done, total=total, said=said)

    def part(self, done: float) -> None:
        """Show the part that is done, 0 to 1."""
        self._live.update(self._task, completed=done, total=1.0, said=f"{done:.0%}")
