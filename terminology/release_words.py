"""Releases and periods in the words that pages and commands say them in."""

from __future__ import annotations

from datetime import date

from terminology.release import UNNAMED


def span(start: date | str | None, end: date | str | None, *, known: bool = True) -> str:
    """Return a period in words; ``known`` says that ``start`` is its first day, not the first attested.

    >>> span("2015-10-01", "2023-09-30"), span("2015-10-01", None)
    ('2015-10-01 to 2023-09-30', 'since 2015-10-01')
    >>> span("2024-01-01", None, known=False), span(None, None), span(date.min, "2026-09-30", known=False)
    ('since 2024-01-01 or earlier', 'since before what is loaded', 'until 2026-09-30')
    """
    if start is None or str(start) == date.min.isoformat():
        return f"until {end}" if end else "since before what is loaded"
    begun = str(start) if known else f"{start} or earlier"
    return f"{begun} to {end}" if end else f"since {begun}"


def release_words(release: str) -> str:
    """Return the name of a release, and words for that of a source that does not name its own.

    >>> release_words("2025-01"), release_words("unknown")
    ('2025-01', 'of an unnamed release')
    """
    return "of an unnamed release" if release == UNNAMED else release
