"""Advice that is given on request: which edits have some, and how it is asked for."""

from __future__ import annotations

from terminology.claims.edits import EDITS
from terminology.errors import InvalidRequestError

ADVICE = ("dx.code_first", "dx.use_additional", "dx.code_also", "dx.more_specific")
"""Edits that give some of their advice on request only."""
ALL = "all"


def requested_edits(names: str | None, parameter: str = "request") -> tuple[str, ...]:
    """Return the edits that a text of ids, apart by commas, asks for; ``all`` is :data:`ADVICE`.

    Raises :class:`InvalidRequestError` for ``parameter`` where it names no edit.

    >>> requested_edits("dx.code_also, dx.more_specific"), requested_edits("all") == ADVICE
    (('dx.code_also', 'dx.more_specific'), True)
    """
    wanted = tuple(name.strip() for name in (names or "").split(",") if name.strip())
    if wanted == (ALL,):
        return ADVICE
    known = {edit.id for edit in EDITS}
    for name in wanted:
        if name not in known:
            raise InvalidRequestError(parameter, f"'{name}' is no edit; GET /api/v1/edits lists them")
    return wanted
