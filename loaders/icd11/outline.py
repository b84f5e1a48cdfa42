"""The outline of a simple tabulation: which row is whose parent, checked against all that rows say of it.

A row's depth comes from the dashes of its title. Its parent is the nearest row above that is shallower.
WHO's readme beside the file defines what must then hold: ``DepthInKind`` counts the ancestors of the same
class kind up to the first of another, ``isLeaf`` is true of rows without children, ``Grouping1`` onwards
are the BlockIds of the blocks above, outermost first (a file has five such columns; chapter 26 goes
six blocks deep, and the sixth is left out). Of ICF no file has been seen: of its tabulation only what makes
it a tree is checked (:class:`Outline`, ``mms=False``).
"""

from __future__ import annotations

from typing import NamedTuple

from terminology.errors import ReleaseFormatError
from terminology.who_uri import is_classification_root, match_who_uri


class Place(NamedTuple):
    """What one row says of its place; ``entity`` is the path of its linearization URI."""

    line: int
    depth: int
    kind: str
    depth_in_kind: str
    chapter: str
    code: str
    block: str
    entity: str
    leaf: bool


class Outline:
    """The rows that are open at one point of a file, outermost first.

    Without ``mms`` chapters may stand at any depth and what rows count of their place is not checked.
    """

    def __init__(self, path: str, *, mms: bool = True) -> None:
        self._path = path
        self._mms = mms
        self._open: list[Place] = []
        self._seen: dict[str, int] = {}

    def place(self, row: Place, groupings: list[str] | None, columns: int, stated_parent: str) -> str | None:
        """Put a row into the outline and return its parent's code, ``None`` for a chapter.

        ``groupings`` are the BlockIds of the row's grouping columns, of which the file has ``columns``;
        ``None`` where it leaves them out. ``stated_parent`` is its ``Parent`` cell, empty where the file has
        none. Raises :class:`ReleaseFormatError` for a row that contradicts the outline.
        """
        above = self._open[-1] if self._open else None
        if row.depth > len(self._open):
            raise self._error(row, f"a title at most {len(self._open)} levels deep", f"{row.depth}", "Title")
        if self._mms and (row.kind == "chapter") != (row.depth == 0):
            raise self._error(
                row, "chapters at depth 0 and nothing else", f"a {row.kind} at {row.depth}", "ClassKind"
            )
        if above is not None:
            _check_leaf(above, row.depth > above.depth, self._path)
        first = self._seen.setdefault(row.code, row.line)
        if first != row.line:
            raise self._error(row, "a code used once", f"{row.code}, already on line {first}", "Code")
        del self._open[row.depth :]
        parent = self._open[-1] if self._open else None
        if self._mms:
            self._check(row, parent, groupings, columns)
        if stated_parent:
            self._check_parent(row, parent, stated_parent)
        self._open.append(row)
        return parent.code if parent else None

    def finish(self) -> None:
        """Check that the last row is a leaf; raise :class:`ReleaseFormatError` for a file cut off before."""
        if not self._open:
            raise ReleaseFormatError(self._path, None, "at least one chapter", "no rows")
        _check_leaf(self._open[-1], False, self._path)

    def _check(self, row: Place, parent: Place | None, groupings: list[str] | None, columns: int) -> None:
        counted = 1
        if parent is not None:
            if row.chapter != parent.chapter:
                raise self._error(row, f"chapter {parent.chapter}", f"'{row.chapter}'", "ChapterNo")
            if row.kind == parent.kind:
                counted = int(parent.depth_in_kind) + 1
        if row.depth_in_kind != str(counted):
            raise self._error(row, str(counted), f"'{row.depth_in_kind}'", "DepthInKind")
        blocks = [above.block for above in self._open if above.block][:columns]
        if groupings is not None and blocks != groupings:
            raise self._error(row, " ".join(blocks) or "none", " ".join(groupings) or "none", "Grouping1")

    def _check_parent(self, row: Place, parent: Place | None, stated: str) -> None:
        if parent is None:
            if not is_classification_root(stated):
                raise self._error(row, "no parent for a chapter", f"'{stated}'", "Parent")
            return
        named = match_who_uri(stated)
        if (named.path if named else stated) not in (parent.entity, parent.code):
            raise self._error(row, f"{parent.entity} ({parent.code})", f"'{stated}'", "Parent")

    def _error(self, row: Place, expected: str, found: str, column: str) -> ReleaseFormatError:
        return ReleaseFormatError(self._path, row.line, expected, found, column=column)


def _check_leaf(row: Place, has_children: bool, path: str) -> None:
    if row.leaf == has_children:
        expected = "rows below it (cut off?)" if not row.leaf else "no rows below it"
        raise ReleaseFormatError(path, row.line, expected, f"isLeaf {row.leaf}", column="isLeaf")
