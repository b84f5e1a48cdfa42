"""Gives typeahead the abbreviations, lay terms and brands of the tables, each with the codes it finds."""

from __future__ import annotations

from pathlib import Path

from indexes.disk.beginnings import SAID, save_beginnings, typed_form
from indexes.search import open_search_index
from indexes.text.vocabulary import said_phrases
from terminology.codes import code_key

_MOST = 3
_ALIKE, _FIRST_ALIKE = 0.9, 0.75


def write_said(folder: Path) -> None:
    """Write beside each release of the index in ``folder`` what is said for its codes."""
    index = open_search_index(folder)
    found: dict[str, dict[tuple[str, int], None]] = {shard.system: {} for shard in index.shards}
    for phrase in said_phrases():  # one after the other, so that each is read once for all releases
        for shard in index.shards:
            least = _FIRST_ALIKE
            for result in index.search(phrase, shard.system, limit=_MOST, explain=True).results:
                unit = shard.find_key(code_key(result.code))
                if unit is not None and result.explanation and result.explanation.similarity >= least:
                    found[shard.system][typed_form(phrase), unit] = None
                least = _ALIKE
    for shard in index.shards:
        save_beginnings(shard.folder, SAID, found[shard.system])
