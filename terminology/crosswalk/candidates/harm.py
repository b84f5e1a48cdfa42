"""Harm by drugs, devices and infusions: ICD-11 tells the harm, what it led to, its cause and its mode.

ICD-10-CM T36-T50 (adverse effects, underdosing) and T80-T85 name all in one title; the bleeding of procedures
it has by body system. ``harm.tsv`` has the stems
of each part; ICD-11 Reference Guide, harm in health care: the harm first, then its cause, then its mode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from terminology.cluster import parse
from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.tables.rows import harm as harm_rows

_PARTS = ("harm", "effect", "cause", "mode")
# The other way to tell it: what caused a harm that is coded before it, and how.
_TOLD_BEFORE = ("told cause", "told mode")
_BY_BODY_SYSTEM = re.compile("D78|E36|E89|G97|H59|H95|I97|J95|K91|L76|M96|N99")
_CODES = re.compile(f"T(?:3[6-9]|4[0-9]|50|80|815|8[2-5])|{_BY_BODY_SYSTEM.pattern}")
# Above what WHO's tables and titles reach together: the structure decides, their answers stay alternatives.
_SCORE = 2.3
_LESS = 0.1


@dataclass(frozen=True, slots=True)
class _Rule:
    """A row of ``harm.tsv``."""

    part: str
    codes: re.Pattern[str]
    title: re.Pattern[str]
    group: tuple[str, ...]
    said: frozenset[str]
    source: str


def harm(code: str, reading: Reading, tabulation: Tabulation) -> list[Candidate]:
    """The expressions of a source code that names harm by its cause, best first; empty for any other code."""
    key, title = code_key(code), reading.title.lower()
    if not _CODES.match(key):
        return []
    met = list(_met(_PARTS, key, title, tabulation))
    if not met or met[0].part != "harm":
        return []
    ways = [met, list(_met(_TOLD_BEFORE, key, title, tabulation))]
    return [_told(rules, tabulation, _SCORE - _LESS * place) for place, rules in enumerate(ways) if rules]


def is_by_body_system(code: str) -> bool:
    """Whether a code is of a category of intraoperative and postprocedural complications."""
    return bool(_BY_BODY_SYSTEM.match(code_key(code)))


def cause(code: str, reading: Reading, tabulation: Tabulation) -> tuple[str, ...] | None:
    """The procedure that a title names, as a group; ``None`` where it names none."""
    met = next(_met(("cause",), code_key(code), reading.title.lower(), tabulation), None)
    return met.group if met is not None else None


def _told(rules: list[_Rule], tabulation: Tabulation, score: float) -> Candidate:
    steps = [
        Step("base", f"the {r.part} is {r.group[0]} {tabulation.title(r.group[0])}", r.source) for r in rules
    ]
    said = frozenset().union(*(r.said for r in rules))
    groups = tuple(r.group for r in rules)
    return Candidate(groups[0][0], groups, structured=True, score=score, steps=steps, said=said)


def _met(parts: tuple[str, ...], key: str, title: str, tabulation: Tabulation) -> Iterator[_Rule]:
    """The row of each part that a code and its title meet, where the release has its codes."""
    for part in parts:
        for rule in _rules():
            if rule.part == part and rule.codes.match(key) and rule.title.search(title):
                if all(code in tabulation.concepts for code in rule.group):
                    yield rule
                break


@cache
def _rules() -> tuple[_Rule, ...]:
    found = []
    for row in harm_rows():
        members = parse(row.group).groups[0]
        group = (members.stem, *members.extensions)
        found.append(_Rule(row.part, row.codes, row.title, group, phrase(row.said).everything, row.source))
    return tuple(found)
