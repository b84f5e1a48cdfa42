"""The tables beside this package, each with the type of its rows; a source stands in every row.

They are read by :func:`terminology.rule_tables.read_rules`, which names table, line and column of a wrong
row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from terminology.rule_tables import read_rules

Row = TypeVar("Row")
_PACKAGE = "indexes.text"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is ``said`` is read as ``meaning``: abbreviations, lay terms, brands, procedures that are past."""

    said: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Family:
    """Words that say the same."""

    words: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Filler:
    """Words that say nothing of what is coded; with a weight above 0 they are kept as a preference."""

    words: tuple[str, ...]
    weight: float
    source: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that say what holds of those beside them: a denial, a history, a status."""

    words: tuple[str, ...]
    role: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Words that combinations take for one another, under a name."""

    name: str
    words: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the name of a disease, that is one of a list."""

    word: str
    source: str


@dataclass(frozen=True, slots=True)
class Form:
    """A word form that no rule of the analysis finds."""

    word: str
    form: str
    source: str


@dataclass(frozen=True, slots=True)
class Ending:
    """The ending of a noun, which may be none, and that of its adjective."""

    noun: str
    adjective: str
    source: str


@dataclass(frozen=True, slots=True)
class Stem:
    """The ending by which the names of a class of drugs are known, and how the class is named."""

    stem: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The words that give a value of an axis, such as the side."""

    axis: str
    words: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Ways to say the same of anything, parted by ``/``; the tables are written with the first."""

    said: str
    source: str


@dataclass(frozen=True, slots=True)
class Level:
    """What is measured, and how a low and a high value are called; several names are parted by ``/``.

    ``least`` and ``most`` bound what is normal where a number alone says so.
    """

    names: str
    low: str | None
    high: str | None
    least: float | None
    most: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Noise:
    """A pattern of what a chart says beside the disease."""

    pattern: re.Pattern[str]
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A pattern of words that nobody says, and what is said instead."""

    pattern: re.Pattern[str]
    instead: str
    source: str


def rows(name: str, row: type[Row]) -> tuple[Row, ...]:
    """Return the rows of ``indexes/text/tables/<name>``; see :func:`terminology.rule_tables.read_rules`."""
    return read_rules(_PACKAGE, f"tables/{name}", row)  # type: ignore[arg-type]  # a type is hashable


abbreviations = partial(rows, "abbreviations.tsv", Meaning)
lay_terms = partial(rows, "lay_terms.tsv", Meaning)
brands = partial(rows, "brands.tsv", Meaning)
procedures = partial(rows, "procedures.tsv", Meaning)
related_words = partial(rows, "related_words.tsv", Family)
word_families = partial(rows, "word_families.tsv", Family)
fillers = partial(rows, "fillers.tsv", Filler)
contexts = partial(rows, "contexts.tsv", Cue)
denials = partial(rows, "denials.tsv", Cue)
stop_words = partial(rows, "stop_words.tsv", Word)
lasting_diseases = partial(rows, "chronic.tsv", Word)
word_forms = partial(rows, "word_forms.tsv", Form)
adjective_endings = partial(rows, "adjective_endings.tsv", Ending)
drug_stems = partial(rows, "drug_stems.tsv", Stem)
derived_endings = partial(rows, "derived_endings.tsv", Word)
combinations = partial(rows, "combinations.tsv", Meaning)
word_groups = partial(rows, "word_groups.tsv", Group)
ordinary_words = partial(rows, "ordinary_words.tsv", Word)
alike = partial(rows, "alike.tsv", Alike)
levels = partial(rows, "levels.tsv", Level)
axes = partial(rows, "axes.tsv", Axis)
noise = partial(rows, "noise.tsv", Noise)
unsaid = partial(rows, "unsaid.tsv", Unsaid)
unasked = partial(rows, "unasked.tsv", Family)
