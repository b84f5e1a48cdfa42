"""What a source title says, part by part: its condition and the facets beside it.

A facet is written ``dimension=value``. The facets of a title are read from the title alone, before any
target is known: every word of meaning is in one of them, so that what a target keeps and what it loses can
be counted. ``facets.tsv`` is the table of facets with their extension codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from terminology.crosswalk.read.lexicon import UNCOMPLICATED, Phrase, phrase
from terminology.crosswalk.tables.rows import rows
from terminology.rule_tables import needed

_NOT_ASSERTED = re.compile(r"\([^()]*\)|\b(?:not specified as|unspecified as|without|not|no)\b[^,;]*")
_CLAUSE = re.compile(
    r"(?P<absence>\b(?:without mention of|without|not due to|not having achieved|not having|not specified as"
    r"|not(?= intractable))\b)"
    r"|(?P<complication>\b(?:(?<!contact )with|complicated by|and associated with)\b)"
    r"|(?P<cause>\b(?:due to|caused by|secondary to|resulting from|as the cause of)\b)"
    r"|(?P<context>\b(?:in diseases classified elsewhere|following|complicating|affecting)\b)"
    r"|(?P<detail>[,;:])"
)

#: What follows a comma to the end of a title when it goes on with a list: "b, and c".
_LISTED = re.compile(r"(?: [^,;:]+,)* (?:and|or) [^,;:]+$")
_AND = re.compile(r"^(?:and|or) ")
#: The first of several things named together, and the others after its comma: drug, serum or vaccine.
_FIRST = re.compile(r"\s*(?:(?:other|unspecified) )?[\w-]+(?:, [\w-]+)*$")
_OTHERS = re.compile(r" (?:(?!not |without )[\w-]+(?: [\w-]+)?,? )?or [\w-]+")

# The site of a wound that is told after what is not in it: laceration without foreign body of scalp.
_WOUND_SITE = re.compile(r" (with(?:out)? foreign body) (of (?:(?! with(?:out)? )[^,])+)")

# ICD-10-CM's injuries are subluxations or dislocations; ICD-11's chapter 22 calls both dislocation.
_SUBLUXATION = re.compile(r"\bsubluxation(?: and dislocation)?\b")

_QUALIFIED = re.compile(r" (?:of|in|at|to|by|for|from|on|during) ")


@dataclass(frozen=True, slots=True)
class FacetRule:
    """One row of the facet table. ``extensions`` say the value, all of them together."""

    dimension: str
    value: str
    pattern: re.Pattern[str]
    extensions: tuple[str, ...]
    scope: str
    stays: bool
    source: str

    def applies_to(self, code: str) -> bool:
        """Whether the row is meant for this source code."""
        return self.scope == "*" or code[:1] in self.scope


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of a source title. ``words`` are the words that say it, for free-text facets."""

    dimension: str
    value: str
    words: Phrase | None = None
    rule: FacetRule | None = None

    def __str__(self) -> str:
        return f"{self.dimension}={self.value}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A title taken apart.

    ``core`` is the title without the facets of the table, as words; ``core_text`` as text. ``condition`` is
    its head clause; ``clauses`` are the further free-text facets in the order of the title.
    """

    title: str
    core_text: str
    core: Phrase
    condition: Facet
    clauses: tuple[Facet, ...] = ()
    ruled: tuple[Facet, ...] = field(default=())

    @property
    def facets(self) -> tuple[Facet, ...]:
        """All facets: the condition, the clauses, and those of the table."""
        return (self.condition, *self.clauses, *self.ruled)

    @property
    def site_words(self) -> frozenset[str]:
        """The words that may name the site of the condition: not those of what comes with it or causes it."""
        own = [f for f in self.clauses if f.dimension in ("detail", "context")]
        words = [f.words.everything for f in (self.condition, *own) if f.words is not None]
        return frozenset().union(*words)

    @property
    def subject(self) -> frozenset[str]:
        """The words of what the head clause is about: of its last word before any *of* or *in*."""
        return _subject(self.condition.value)

    @property
    def sides(self) -> frozenset[str]:
        """The sides the title names, as words."""
        named = {f.value for f in self.ruled if f.dimension == "laterality"}
        return frozenset(named | (self.core.words & {"right", "left", "bilateral", "unilateral"}))

    def ruled_value(self, dimension: str) -> str | None:
        """The value of a table facet, if the title carries one of that dimension."""
        return next((f.value for f in self.ruled if f.dimension == dimension), None)


@cache
def facet_rules() -> tuple[FacetRule, ...]:
    """The facet table."""
    return rows("facets.tsv", FacetRule)


@lru_cache(maxsize=10_000)
def _subject(condition: str) -> frozenset[str]:
    head = _QUALIFIED.split(condition, maxsplit=1)[0].split()
    return phrase(head[-1]).words if head else frozenset()


@cache
def _rules_of(letter: str) -> tuple[tuple[FacetRule, str], ...]:
    return tuple((rule, needed(rule.pattern)) for rule in facet_rules() if rule.applies_to(letter))


@lru_cache(maxsize=10_000)
def read_title(title: str, code: str) -> Reading:
    """Take a title apart. ``code`` decides which rows of the table apply.

    >>> reading = read_title("Pain in right knee", "M25.561")
    >>> str(reading.condition), [str(f) for f in reading.ruled]
    ('condition=pain in knee', ['laterality=right'])
    """
    text = UNCOMPLICATED.sub(" without complications", title.lower())
    text = _WOUND_SITE.sub(r" \2 \1", text)
    asserted = _NOT_ASSERTED.sub(" ", text)
    ruled: list[Facet] = []
    for rule, literal in _rules_of(code[:1]):
        where = asserted if rule.stays else text
        if literal not in where or rule.pattern.search(where) is None:
            continue
        if rule.dimension in {f.dimension for f in ruled} and rule.dimension != "laterality":
            continue
        if rule.dimension == "laterality" and rule.value in ("unspecified", "unilateral") and _sided(ruled):
            text = rule.pattern.sub(" ", text)
            continue
        if rule.dimension == "laterality" and any(f.value == "bilateral" for f in ruled):
            continue
        ruled.append(Facet(rule.dimension, rule.value, None, rule))
        if not rule.stays:
            text = rule.pattern.sub(" ", text)
    core_text = _tidied(_SUBLUXATION.sub("dislocation", text) if code[:1] == "S" else text)
    clauses = _clauses(core_text)
    condition = clauses[0] if clauses else Facet("condition", core_text or text.strip(), phrase(core_text))
    return Reading(title, core_text, phrase(core_text), condition, tuple(clauses[1:]), tuple(ruled))


def _sided(facets: list[Facet]) -> bool:
    return any(f.dimension == "laterality" for f in facets)


def _tidied(text: str) -> str:
    tidy = re.sub(r"\s+", " ", text)
    tidy = re.sub(r"\s*,(?:\s*,)+", ",", tidy).replace(" ,", ",")
    tidy = re.sub(r"\b(?:of|in|with|for|at|and|affecting|by)(?=\s*(?:,|$))", "", tidy)
    return re.sub(r"\s+", " ", tidy).strip(" ,;")


def _clauses(text: str) -> list[Facet]:
    """Split a core title at its connecting words; the first part is the condition."""
    parts: list[tuple[str, str]] = []
    kind, at = "condition", 0
    for mark in _CLAUSE.finditer(text):
        if _inside_brackets(text, mark.start()):
            continue
        if _FIRST.match(text, at, mark.start()) and _OTHERS.match(text, mark.end()):
            continue
        parts.append((kind, text[at : mark.start()]))
        kind, at = str(mark.lastgroup), mark.end()
        if kind == "detail" and parts[-1][0] == "absence" and _LISTED.match(text, at):
            kind = "absence"  # without a, b, and c denies all three
        if mark.group() == "in diseases classified elsewhere":
            parts.append((kind, "diseases classified elsewhere"))
            kind = "detail"
    parts.append((kind, text[at:]))
    facets: list[Facet] = []
    for part_kind, part in parts:
        value = part.strip(" ,;:")
        if part_kind == "absence":
            value = _AND.sub("", value)
        words = phrase(value)
        if not words.words and facets:
            continue
        if not value:
            continue
        dimension = part_kind if facets else "condition"
        facets.append(Facet(dimension, value, words))
    return facets


def _inside_brackets(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")
