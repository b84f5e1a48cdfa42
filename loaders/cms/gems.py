"""CMS's General Equivalence Mappings: ``2018_I9gem.txt`` and ``2018_I10gem.txt``, in fixed columns.

Source code in columns 1-5 (from ICD-9-CM) or 1-7 (from ICD-10-CM), target code from column 7 or 9, without
dots; then a blank and five digits: approximate, no map, combination, scenario, choice list. A source without
a target has ``NoDx`` in its place (CMS, "Diagnosis Code Set General Equivalence Mappings", file layout).
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError
from terminology.icd9.gem import FROM_ICD9, TO_ICD9, GemRow

_NAME = re.compile(r"(20\d\d)_I(9|10)gem", re.IGNORECASE)
_ICD9 = r"\d{3,5}|E\d{3,4}|V\d{2,4}"
_ICD10 = r"[A-Z]\d[0-9A-Z]{1,5}"
_NONE = "NoDx"
_LINE = re.compile(
    rf"(?:(?P<nine>{_ICD9})\s+(?P<to_ten>{_ICD10}|{_NONE})|(?P<ten>{_ICD10})\s+(?P<to_nine>{_ICD9}|{_NONE}))\s+"
    r"(?P<flags>[01]{3}[0-9]{2})"
)


def read_gem(file: BinaryIO, path: Path | str) -> Iterator[GemRow]:
    """Yield the rows of one direction, in the file's order.

    Raises :class:`ReleaseFormatError` for a line that is none, flags that contradict the target or each
    other, and a pair that stands twice in one scenario and choice list.
    """
    direction, seen = _direction(Path(str(path)).name), set[tuple[str, str | None, int, int]]()
    for number, raw in enumerate(file, 1):
        line = (raw.removeprefix(BOM_UTF8) if number == 1 else raw).decode("ascii", "replace").strip()
        if not line:
            continue
        match = _LINE.fullmatch(line)
        source = match and (match["nine"] if direction == "9" else match["ten"])
        if match is None or source is None:
            expected = f"a code of ICD-{direction}-CM, its equivalent and five flags"
            raise ReleaseFormatError(path, number, expected, repr(line[:60]))
        row = _row(number, source, match["to_ten" if direction == "9" else "to_nine"], match["flags"], path)
        held = (row.source, row.target, row.scenario, row.choice_list)
        if held in seen:
            raise ReleaseFormatError(path, number, "each pair once", f"{row.source} to {row.target} again")
        seen.add(held)
        yield row
    if not seen:
        raise ReleaseFormatError(path, None, "rows of a General Equivalence Mapping", "none")


def gem_release(rows: Sequence[GemRow], name: str, label: str) -> LoadedTable[GemRow]:
    """Return the rows as a release of their table, named for the year in the file's name."""
    match = _NAME.match(name)
    if match is None:
        raise ReleaseFormatError(label, None, "a file name such as 2018_I9gem.txt", name)
    return loaded_table(FROM_ICD9 if match[2] == "9" else TO_ICD9, rows, match[1], label)


def _direction(name: str) -> str:
    match = _NAME.search(name)
    if match is None:
        raise ReleaseFormatError(name, None, "a file name such as 2018_I9gem.txt", name)
    return match[2]


def _row(number: int, source: str, printed: str, flags: str, path: Path | str) -> GemRow:
    approximate, no_map, combination = (flag == "1" for flag in flags[:3])
    target = None if printed == _NONE else printed
    scenario, choice_list = int(flags[3]), int(flags[4])
    if no_map != (target is None):
        raise ReleaseFormatError(path, number, f"the flag no map with {_NONE} alone", flags, column="flags")
    if combination != (scenario > 0 and choice_list > 0) or (scenario > 0) != (choice_list > 0):
        expected = "scenario and choice list in a combination alone"
        raise ReleaseFormatError(path, number, expected, flags, column="flags")
    return GemRow(number, source, target, approximate, combination, scenario, choice_list)
