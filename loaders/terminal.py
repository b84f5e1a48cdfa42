"""Shows a build on the terminal: a line per file while it is read, a summary table at the end."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from time import perf_counter
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from loaders.build import Outcome

_MIB = 2**20
_EXAMPLES = 3


class BuildDisplay:
    """Implements :class:`loaders.progress.Progress` with rich; use it as a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._live = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=self._console,
            transient=True,
        )
        self._transfers: dict[str, TaskID] = {}
        self._tenths: dict[str, int] = {}
        self._begun: dict[str, float] = {}

    def __enter__(self) -> BuildDisplay:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def stage(self, title: str) -> None:
        """Print the stage that begins."""
        self._console.print(f"[bold]{escape(title)}[/]")

    def file_begun(self, label: str, format_name: str) -> None:
        """Show the file that is being read."""
        self._transfers[label] = self._live.add_task(f"{escape(format_name)}: {escape(label)}", total=None)

    def file_read(self, label: str, records: int) -> None:
        """Print what a file held."""
        self._end(label)
        self._console.print(f"  {records:>9,}  {escape(label)}", soft_wrap=True)

    def transferred(self, name: str, received: int, total: int | None) -> None:
        """Move the bar of a download."""
        if name not in self._transfers:
            self._transfers[name] = self._live.add_task(escape(name), total=total)
        self._live.update(self._transfers[name], completed=received, total=total)
        if total is not None and received >= total:
            self._end(name)

    def advanced(self, what: str, done: int, total: int) -> None:
        """Print each tenth of a long stage, and how long the rest will take at the same pace."""
        if not total:
            self._console.print(f"  {done:>9,}  {escape(what)}", soft_wrap=True)
            return
        begun = self._begun.setdefault(what, perf_counter())
        tenth = 10 * done // total
        if tenth > self._tenths.get(what, 0):
            self._tenths[what] = tenth
            left = (perf_counter() - begun) / done * (total - done)
            more = f", about {left:,.0f} s left" if left >= 1 else ""
            self._console.print(f"  {done:>9,}  of {total:,} {escape(what)}{more}")

    def notice(self, text: str) -> None:
        """Print what the user must know."""
        self._console.print(f"  [yellow]note[/] {escape(text)}", soft_wrap=True)

    def summarise(self, outcome: Outcome, bundle: Path) -> None:
        """Print releases, counts, dangling rows, time and memory."""
        manifest = outcome.manifest
        table = Table(title=f"{bundle} ({manifest.content_hash[:16]})", title_justify="left")
        for column in ("system", "release", "from", "to"):
            table.add_column(column)
        table.add_column("concepts", justify="right")
        table.add_column("billable", justify="right")
        for record in manifest.releases:
            billable = record.counts["billable"]
            table.add_row(
                record.system,
                record.release,
                record.effective_from or "",
                record.effective_to or "",
                f"{record.counts['concepts']:,}",
                f"{billable:,}" if billable else "",
            )
        self._console.print(table)
        for name, count in manifest.counts.items():
            self._console.print(f"  {count:>9,}  {name.replace('_', ' ')}")
        ends = Counter((row.table, row.release, row.end) for row in outcome.dangling)
        for (name, release, end), count in ends.items():
            examples = [
                row.code
                for row in outcome.dangling
                if (row.table, row.release, row.end) == (name, release, end)
            ]
            shown = ", ".join(dict.fromkeys(examples[:_EXAMPLES]))
            self._console.print(
                f"  {count:>9,}  rows of {name} {release} with an unknown {end}: {escape(shown)} ..."
            )
        for fault in outcome.faults:
            self._console.print(f"  [yellow]fault[/] {escape(fault)}", soft_wrap=True)
        self._console.print(
            f"  {len(manifest.notices)} notices, {outcome.seconds:.1f} s, "
            f"{outcome.peak_bytes / _MIB:,.0f} MiB at most"
        )

    def _end(self, name: str) -> None:
        task = self._transfers.pop(name, None)
        if task is not None:
            self._live.remove_task(task)
