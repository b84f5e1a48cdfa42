"""Rows of the rule tables against the recorded answers: a changed row contradicts what it was recorded to do.

``tests/golden/crosswalk.tsv`` has the answer to every code on the real files, so a row can be held to it
without them. Titles are those of the package ``simple-icd-10-cm``. A row that was changed on purpose passes
when the record is taken anew (``python -m bench.golden --bundle BUNDLE --write``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import pytest
import simple_icd_10_cm

from bench.golden import CROSSWALK, recorded
from terminology.cluster import parse
from terminology.codes import code_key, dotted
from terminology.crosswalk.express.external import collisions
from terminology.crosswalk.read.facets import FacetRule, facet_rules
from terminology.crosswalk.review.reviewed import ReviewedRow, reviewed_rows
from terminology.crosswalk.tables import rows
from terminology.crosswalk.tables.rows import AspectRow, CompanionRow, ContextRow, HarmRow, IntentRow
from terminology.systems import ICD10CM

#: Extension codes with further names that no recorded answer has.
UNUSED_NAMES = {"XA0SB3", "XA0E94"}


@cache
def expressions() -> Mapping[str, str]:
    """The recorded expressions by code."""
    found = {}
    for line in recorded(CROSSWALK):
        begin, lasts, expression, _, _ = line.split("\t")
        found.update({begin + last: expression for last in lasts})
    return found


@cache
def members(expression: str) -> frozenset[str]:
    return frozenset(re.split("[&/]", expression))


@cache
def codes_by_letter() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key in expressions():
        found[key[0]].append(key)
    return {letter: tuple(keys) for letter, keys in found.items()}


def codes_of(pattern: re.Pattern[str]) -> Iterable[str]:
    """The recorded codes that a pattern meets; a pattern that begins with a letter meets no other's."""
    first = pattern.pattern[0]
    alone = first.isalpha() and "|" not in pattern.pattern
    keys = codes_by_letter().get(first, ()) if alone else expressions()
    return filter(pattern.match, keys)


@cache
def title(key: str) -> str:
    code = dotted(ICD10CM.id, key)
    known = simple_icd_10_cm.is_valid_item(code)
    return simple_icd_10_cm.get_description(code).lower() if known else ""


def named(expression: str) -> frozenset[str]:
    """The codes of a cell: an expression, or an extension code alone."""
    if expression.startswith("X"):
        return frozenset((expression,))
    return frozenset(code for g in parse(expression).groups for code in (g.stem, *g.extensions))


def ids(row: ContextRow | CompanionRow | HarmRow | AspectRow | IntentRow) -> str:
    return f"{row.codes.pattern[:30]} {row.named[0]}"


@cache
def _codes_by_context() -> Mapping[int, tuple[str, ...]]:
    """The codes of each row of ``contexts.tsv``: those it is the first for."""
    table = rows.contexts()
    taken: set[str] = set()
    found = {}
    for place, row in enumerate(table):
        found[place] = tuple(key for key in codes_of(row.codes) if key not in taken)
        taken.update(found[place])
    return found


@pytest.mark.parametrize("place", range(len(rows.contexts())), ids=lambda n: ids(rows.contexts()[n]))
def test_most_codes_of_a_context_have_its_expression(place: int) -> None:
    row, keys = rows.contexts()[place], _codes_by_context()[place]
    given = [key for key in keys if named(row.expression) <= members(expressions()[key])]
    assert given and 2 * len(given) >= len(keys), keys[:5]


#: What is told of a harm that is told before it stands in an alternative, and the record holds first answers.
_BESIDE = "told "
TITLED: tuple[CompanionRow | HarmRow | AspectRow, ...] = (
    *rows.companions(),
    *(row for row in rows.harm() if not row.part.startswith(_BESIDE)),
    *rows.external_aspects(),
)


@cache
def _codes_by_title_row() -> tuple[tuple[str, ...], ...]:
    """The codes of each row for titles: of a part of harm or an aspect, those it is the first row for."""
    taken: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    found = []
    for place, row in enumerate(TITLED):
        alike = getattr(row, "part", "") or getattr(row, "aspect", "") or f"companion {place}"
        said = ((key, part) for key in codes_of(row.codes) for part in collisions(title(key)))
        met = [each for each in said if each not in taken[alike] and row.title.search(each[1])]
        taken[alike].update(met)
        found.append(tuple(dict.fromkeys(key for key, _ in met)))
    return tuple(found)


@pytest.mark.parametrize("place", range(len(TITLED)), ids=lambda n: ids(TITLED[n]))
def test_most_titles_that_a_row_is_for_have_its_codes(place: int) -> None:
    row, keys = TITLED[place], _codes_by_title_row()[place]
    given = [key for key in keys if named(row.named[0]) <= members(expressions()[key])]
    assert given and 2 * len(given) >= len(keys), keys[:5]


@pytest.mark.parametrize("row", rows.intents(), ids=ids)
def test_each_stem_of_an_intent_is_in_an_answer_to_that_intent(row: IntentRow) -> None:
    words = {"accidental": "accidental", "self-harm": "self-harm", "assault": "assault"}
    for intent, stem in row.by_intent.items():
        word = words.get(intent, "undetermined")
        met = [key for key in codes_of(row.codes) if word in title(key)]
        assert any(stem in members(expressions()[key]) for key in met), (intent, stem)


@pytest.mark.parametrize("rule", facet_rules(), ids=lambda rule: f"{rule.dimension}={rule.value}")
def test_a_facet_is_in_a_title_and_its_extension_in_the_answer(rule: FacetRule) -> None:
    letters = codes_by_letter() if rule.scope == "*" else rule.scope
    keys = (key for letter in letters for key in codes_by_letter()[letter])
    met = (key for key in keys if rule.pattern.search(title(key)))
    assert any(set(rule.extensions) <= members(expressions()[key]) for key in met)


@pytest.mark.parametrize("row", reviewed_rows(), ids=lambda row: row.source)
def test_a_reviewed_code_has_its_decision(row: ReviewedRow) -> None:
    assert expressions()[code_key(row.source)] == row.expression


def test_every_further_name_and_carrier_is_of_a_code_that_answers_use() -> None:
    used = frozenset[str]().union(*map(members, set(expressions().values())))
    assert {row.code for row in rows.extension_names()} - used <= UNUSED_NAMES
    assert {row.stem for row in rows.carriers()} <= used
