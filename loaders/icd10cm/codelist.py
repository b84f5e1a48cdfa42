"""The plain code list of ICD-10-CM in the package ``simple-icd-10-cm`` (``code-list-April-2026.txt``).

One chapter, block or code a line, in tabular order, without titles or flags: what is left when no order
file can be had. Together with the Tabular List in the same package it gives a full release, because CMS
makes the missing parts by rule: a 7th-character code is called like the code it extends, a comma and the
meaning of its 7th character; titles are printed without accents; the codes that no other code extends are
the billable ones. In fiscal year 2026 this gives all 98,186 long titles and flags of the order file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from loaders.icd10cm.order import CODE_SHAPE, OrderEntry
from loaders.icd10cm.tabular import Tabular
from terminology.accents import unaccented
from terminology.errors import ReleaseFormatError


def entries_from_code_list(file: BinaryIO, path: str, tabular: Tabular) -> Iterator[OrderEntry]:
    """Yield the entries an order file would have, except short titles, in the list's order.

    ``tabular`` must be of the list's edition. Raises :class:`ReleaseFormatError` for a line that is no
    chapter, section or code of it, for a code listed twice, and for a 7th character it does not define.
    """
    lines = _codes(file, path, tabular)
    extended = {key[:length] for key in lines for length in range(3, len(key))}
    for order, (key, line) in enumerate(lines.items(), 1):
        yield OrderEntry(order, key, key not in extended, None, _title(key, tabular, path, line))


def _codes(file: BinaryIO, path: str, tabular: Tabular) -> Mapping[str, int]:
    """Return the codes with their line numbers. A section of one category is listed like that category:
    the first of the two lines is the section."""
    codes: dict[str, int] = {}
    single = {code[:3] for code in tabular.sections if code[:3] == code[-3:]}
    for number, raw in enumerate(file, 1):
        text = raw.decode("ascii", errors="replace").strip()
        if text in single:
            single.remove(text)
        elif text in tabular.chapters or text in tabular.sections:
            continue
        elif text in codes:
            raise ReleaseFormatError(path, number, "every code once", f"{text} again")
        elif CODE_SHAPE.fullmatch(text):
            codes[text] = number
        elif text:
            raise ReleaseFormatError(
                path, number, "a chapter, section or code of the Tabular List", f"'{text}'"
            )
    if not codes:
        raise ReleaseFormatError(path, None, "a list of codes", "none")
    return codes


def _title(key: str, tabular: Tabular, path: str, line: int) -> str:
    entry = tabular.diags.get(key)
    if entry is not None:
        return unaccented(entry.title)
    stem = tabular.diags.get(key[:-1]) or tabular.diags.get(key[:-1].rstrip("X"))
    meanings = {c.character: c.meaning for c in tabular.seventh_characters(key)}
    if len(key) != 7 or stem is None or key[-1] not in meanings:
        raise ReleaseFormatError(path, line, "a code of the Tabular List, or one it extends", f"'{key}'")
    return unaccented(f"{stem.title}, {meanings[key[-1]]}")
