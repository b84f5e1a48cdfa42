"""Further stems that go with a source code's own, told by its code and its title.

``companions.tsv``: what a title says that ICD-11 has a code of its own for. ``intents.tsv``: the external
cause stem that says whether a poisoning was accidental, self-harm, assault or of undetermined intent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from terminology.codes import code_key
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.tables import rows

# What ICD-10 calls poisoning or toxic effect is so called by the stems of NE60-NE61 and of intent.
_POISONING = (
    "poisoning toxic effect harmful exposure noxious drug medicament biological substance chiefly "
    "nonmedicinal source"
)


@dataclass(frozen=True, slots=True)
class Companion:
    """A further stem, the words of the source title that it says, and where the rule comes from."""

    stem: str
    said: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A row of ``companions.tsv``."""

    codes: re.Pattern[str]
    title: re.Pattern[str]
    companion: Companion


def companions(code: str, reading: Reading) -> Iterator[Companion]:
    """Yield the further stems of a source code and its title."""
    key, title = code_key(code), reading.title.lower()
    for rule in _rules():
        if rule.codes.match(key) and rule.title.search(title):
            yield rule.companion
    intent = reading.ruled_value("intent")
    if intent is not None:
        for codes, by_intent in _intents():
            if codes.match(key):
                if intent in by_intent:
                    yield by_intent[intent]
                return


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(row.codes, row.title, Companion(row.stem, phrase(row.said).everything, row.source))
        for row in rows.companions()
    )


@cache
def _intents() -> tuple[tuple[re.Pattern[str], dict[str, Companion]], ...]:
    return tuple(
        (
            row.codes,
            {
                intent: Companion(stem, phrase(f"{intent} {_POISONING}").everything, row.source)
                for intent, stem in row.by_intent.items()
            },
        )
        for row in rows.intents()
    )
