"""Tab-separated tables as readers and the project exchange them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from terminology.errors import ReleaseFormatError


def write_table(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]], comments: Iterable[str] = ()
) -> None:
    """Write a table without quoting; tabs and line breaks in cells become blanks, ``#`` begins a comment."""
    lines = [*(f"# {comment}" for comment in comments), "\t".join(columns)]
    lines += ["\t".join(" ".join(cell.split()) for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_table(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with their line numbers, as :func:`write_table` writes it.

    More columns than ``columns`` may stand there, in any order; cells missing at a row's end are empty.
    Raises :class:`ReleaseFormatError` for a missing column and for a row with too many cells.
    """
    heading: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if heading is None:
            heading = cells
            if missing := [c for c in columns if c not in heading]:
                raise ReleaseFormatError(str(path), number, f"the columns {', '.join(missing)}", line)
        elif len(cells) > len(heading):
            raise ReleaseFormatError(str(path), number, f"{len(heading)} cells", str(len(cells)))
        else:
            yield number, dict.fromkeys(heading, "") | dict(zip(heading, cells, strict=False))
