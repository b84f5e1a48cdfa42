"""The ``filter`` of an expansion: what fits a text by the search index, and by words of code and display."""

from __future__ import annotations

from collections.abc import Sequence

from indexes.search import MOST_RESULTS
from terminology.codes import code_key
from terminology.errors import TenElevenError
from web.fhir.asking import Asking
from web.fhir.systems.bundle_system import BundleSystem
from web.fhir.valuesets.compose import Entry


class TextFilter:
    """A text to filter by; ``remarks`` is what is to be said of how it was answered."""

    def __init__(self, asking: Asking, text: str) -> None:
        self._search, self._text = asking.search, text
        self._words = text.casefold().split()
        self.remarks: dict[str, None] = {}

    def within(self, system: BundleSystem, span: tuple[int, int]) -> list[Entry]:
        """Return what fits in a span of ids: by the search index, best first, then by words."""
        found: dict[str, Entry] = {}
        for code in self._searched(system):
            concept = system.find(code)
            if concept is not None and concept.token is not None and span[0] <= concept.token[0] <= span[1]:
                found.setdefault(concept.code, Entry(system, concept))
        for concept in system.worded(span, self._words):
            found.setdefault(concept.code, Entry(system, concept))
        return list(found.values())

    def among(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries that fit: by the search index, best first, then by their names and codes."""
        found: dict[tuple[str, str | None, str], Entry] = {}
        by_key = {(*e.key[:2], code_key(e.concept.code)): e for e in entries}
        systems = {e.system.canonical: e.system for e in entries}.values()
        for system in systems:
            for code in self._searched(system) if isinstance(system, BundleSystem) else ():
                entry = by_key.get((system.url, system.version, code_key(code)))
                if entry is not None:
                    found.setdefault(entry.key, entry)
        for entry in entries:
            shown = f"{entry.concept.code} {entry.display or entry.concept.display or ''}".casefold()
            if all(word in shown for word in self._words):
                found.setdefault(entry.key, entry)
        return list(found.values())

    def _searched(self, system: BundleSystem) -> list[str]:
        if self._search is None:
            return self._by_words(system, "this bundle has no search index")
        try:
            answer = self._search.search(
                self._text, system=system.system.id, release=system.version, limit=MOST_RESULTS
            )
        except TenElevenError as error:
            return self._by_words(system, str(error))
        if answer.unused_words:
            self._note(f"the search of {system.canonical} made no use of: {', '.join(answer.unused_words)}")
        if len(answer.results) == MOST_RESULTS:
            listed = f"the {MOST_RESULTS} best of {system.canonical}"
            self._note(f"{listed}, and what has all words in code or display, are listed")
        codes: list[str] = []
        for result in answer.results:
            codes += [result.code, *(variant.code for variant in result.variants)]
        return codes

    def _by_words(self, system: BundleSystem, reason: str) -> list[str]:
        self._note(f"{system.canonical} was filtered by the words of code and display alone: {reason}")
        return []

    def _note(self, remark: str) -> None:
        self.remarks[remark] = None
