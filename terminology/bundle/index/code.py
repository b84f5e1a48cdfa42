"""The codes that the Alphabetic Index prints, as the Tabular List has them now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.systems import ICD10CM

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class IndexCode:
    """A code as a book prints it (``C56-``) and the concept it names.

    ``code`` and ``title`` are ``None`` where no loaded release has it; ``in_use`` tells whether that of today
    has.
    """

    printed: str
    code: str | None
    title: str | None
    in_use: bool


def index_codes(store: Store, printed: Collection[str]) -> dict[str, IndexCode]:
    """Return the printed codes with their concepts in today's release, else in the newest that has them."""
    keys = {code: code_key(code.rstrip("-")) for code in printed}
    if not keys or ICD10CM.id not in store.systems():
        return {code: IndexCode(code, None, None, in_use=False) for code in keys}
    today = store.release(ICD10CM.id)
    held = dict(_titles(store, today, set(keys.values())))
    older: dict[str, tuple[str, str]] = {}
    for release in store.releases(ICD10CM.id):
        missing = set(keys.values()) - held.keys()
        if missing:
            older.update(_titles(store, store.release(ICD10CM.id, release.id), missing))
    return {code: _index_code(code, held.get(key), older.get(key)) for code, key in keys.items()}


def _index_code(printed: str, now: tuple[str, str] | None, before: tuple[str, str] | None) -> IndexCode:
    code, title = now or before or (None, None)
    return IndexCode(printed, code, title, in_use=now is not None)


def _titles(
    store: Store, loaded: LoadedRelease, keys: Collection[str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        for key, code, title in store.query(
            f"SELECT key, code, title FROM concept WHERE release_id = ? AND key IN ({marks})",
            (loaded.number, *part),
        ):
            yield key, (code, title)
