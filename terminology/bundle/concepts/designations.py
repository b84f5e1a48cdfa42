"""Titles of concepts in other languages than English, as the bundle holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import ConceptRecord, Summary
from terminology.bundle.store import Store
from terminology.concept import Synonym

ENGLISH = "en"
_AT_ONCE = 500


def languages(store: Store, system: str) -> tuple[str, ...]:
    """Return the languages besides English that the newest release of a system has titles in."""
    return _languages(store, store.release(system).release.system)


@kept_with_bundle(maxsize=16)
def _languages(store: Store, system: str) -> tuple[str, ...]:
    rows = store.query(
        "SELECT DISTINCT s.language FROM synonym s JOIN concept c ON c.id = s.concept_id "
        "JOIN release r ON r.id = c.release_id WHERE r.system = ? AND s.language <> ? ORDER BY 1",
        (system, ENGLISH),
    )
    return tuple(language for (language,) in rows)


def titles_in(
    store: Store, system: str, release: str, language: str, codes: Sequence[str]
) -> Mapping[str, Synonym]:
    """Return the titles in a language, with where each stands, of those of the codes that have one."""
    found: dict[str, Synonym] = {}
    for start in range(0, len(codes), _AT_ONCE):
        some = codes[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        for code, text, source in store.query(
            "SELECT c.code, s.text, s.source FROM concept c JOIN release r ON r.id = c.release_id "
            "JOIN synonym s ON s.concept_id = c.id AND s.language = ? "
            f"WHERE r.system = ? AND r.release = ? AND c.code IN ({marks}) ORDER BY c.id, s.seq",
            (language, system, release, *some),
        ):
            found.setdefault(code, Synonym(text, source, language))
    return found


def summaries_in(
    store: Store, concept: ConceptRecord, language: str, items: Sequence[Summary]
) -> list[Summary]:
    """Return concepts of the same release with titles in a language, the English one where there is none."""
    return list_in(store, concept.system, concept.release, language, items)


def list_in(
    store: Store, system: str, release: str, language: str, items: Sequence[Summary]
) -> list[Summary]:
    """Return the concepts of a list with titles in a language, the English one where there is none."""
    titles = titles_in(store, system, release, language, [item.code for item in items])
    return [replace(item, title=titles[item.code].text) if item.code in titles else item for item in items]
