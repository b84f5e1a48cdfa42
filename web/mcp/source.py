"""Who says so: the release and the source of an answer, in a line."""

from __future__ import annotations

from datetime import date

from terminology.bundle.store import Store
from terminology.crosswalk import Crosswalk
from terminology.errors import InvalidRequestError, TenElevenError
from terminology.systems import ICD10CM, code_system
from web.mcp.answers import Failure


def day_of(text: str | None) -> date | None:
    """Return the day of an ISO date; raise :class:`InvalidRequestError` for a text that is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidRequestError("date", f"'{text}' is no day; write it like 2026-10-01") from None


def source_of(store: Store, system: str, release: str) -> str:
    """Return publisher, title and release of a loaded release."""
    known = code_system(system)
    loaded = store.release(known.id, release).release
    return f"{store.release_record(loaded).publisher or known.publisher}: {known.title} {loaded.id}"


def source_of_crosswalk(found: Crosswalk | None, system: str, target: str) -> str:
    """Return whose work a crosswalk is."""
    if ICD10CM.id not in (system, target):
        return "WHO's mapping tables between ICD-10 and ICD-11"
    aim = f" {found.target_release}" if found and found.target_release else ""
    return (
        f"TenEleven's own crosswalk {code_system(system).title} to {code_system(target).title}{aim}; "
        "not WHO's, no official map exists"
    )


def failure_of(error: TenElevenError) -> Failure:
    """Return what an error says of one item of a list."""
    near = getattr(error, "successors", ()) or getattr(error, "suggestions", ())
    return Failure(str(error), tuple(near))
