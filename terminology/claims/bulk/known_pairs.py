"""Which codes a table of pairs names together, of whatever date, in a few bits a pair."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from terminology.bundle.store import Store
from terminology.edit_table import EditTable

MOST_CODES = 50_000
"""Codes remembered; NCCI names some 15,000. When there are more, remembering starts anew."""


class KnownPairs:
    """The pairs of a table as sets of bits: a full table of 2 million takes some 20 MB, read code by code."""

    def __init__(self, store: Store, table: EditTable[Any]) -> None:
        self._tables = store.edit_tables
        self._table = table
        self._bits: dict[str, int] = {}
        self._beside: dict[str, int] = {}

    def among(self, codes: Collection[str]) -> bool:
        """Return whether any two of some codes are a pair."""
        bits, beside = self._bits, self._beside
        if len(beside) > MOST_CODES:
            bits.clear()
            beside.clear()
        present = named = 0
        for code in codes:
            known = beside.get(code)
            if known is None:
                known = beside[code] = self._read(code)
            named |= known
        if named:  # only now every code that stands second beside another has its bit
            for code in codes:
                present |= bits.get(code, 0)
        return bool(named & present)

    def _read(self, code: str) -> int:
        found = bytearray()
        for second in self._tables.seconds(self._table, code):
            number = self._bits.setdefault(second, 1 << len(self._bits)).bit_length() - 1
            if number >> 3 >= len(found):
                found.extend(bytes((number >> 3) + 1 - len(found)))
            found[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(found, "little")
