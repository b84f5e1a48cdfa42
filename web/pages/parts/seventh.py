"""The 7th-character picker: from a code and a character to the billable code."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.codes import dotted

_LENGTH = 6


@dataclass(frozen=True, slots=True)
class SeventhChoice:
    """One character; ``code`` is the billable code it builds, ``None`` where the release has none."""

    character: str
    meaning: str
    code: str | None
    chosen: bool


def seventh_choices(store: Store, concept: ConceptRecord) -> list[SeventhChoice]:
    """Return the characters a code takes, each with the code it builds (short codes are filled with X).

    ICD-10-CM Official Guidelines, section I.A.5: "if a code that requires a 7th character is not 6
    characters, a placeholder X must be used to fill in the empty characters".
    """
    base = concept.key[:_LENGTH].ljust(_LENGTH, "X")
    chosen = concept.key[_LENGTH:]
    choices = []
    for seventh in concept.seventh_characters:
        key = base + seventh.character
        built = dotted(concept.system, key) if store.has(concept.system, key, concept.release) else None
        choices.append(SeventhChoice(seventh.character, seventh.meaning, built, seventh.character == chosen))
    return choices
