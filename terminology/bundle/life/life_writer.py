"""Writes the lives of codes into a bundle being built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from terminology.bundle.life.lives import Life
from terminology.bundle.writer import DatabaseWriter, Row


def write_lives(folder: Path, lives: Iterable[Life]) -> str:
    """Add the tables of ``life.sql`` to the database in ``folder``; return the hash of what was written."""
    sources: dict[str, int] = {}
    with DatabaseWriter(folder, schema="life/life.sql", indices=None) as writer:
        writer.insert("life", _rows(lives, sources))
        writer.insert("life_source", ((number, text) for text, number in sources.items()))
        return writer.content_hash


def _rows(lives: Iterable[Life], sources: dict[str, int]) -> Iterator[Row]:
    for life in lives:
        for seq, period in enumerate(life.periods):
            yield (
                life.system,
                life.key,
                seq,
                life.code,
                period.start.isoformat(),
                _iso(period.end),
                _iso(period.earliest),
                _iso(period.latest),
                period.title,
                None if period.billable is None else int(period.billable),
                sources.setdefault(period.source, len(sources) + 1),
            )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
