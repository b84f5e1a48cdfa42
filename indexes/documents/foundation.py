"""Terms WHO's foundation and maps give: to ICD-11 categories, and to the ICD-10 code a term falls under.

WHO's table ``foundation_11To10MapToOneCategory`` lists the foundation in tree order, with a code only where
an entity is a category of the MMS. An entity without a code therefore stands under the category before it,
or beside it, in the ``Y`` residual of its parent (:func:`category_of`). Where WHO's own tables from ICD-10
say where an entity falls, they decide; a term placed by inference is never trusted as much.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexes.documents.document import SearchTerm, TermKind
from indexes.text.phrases import forms, says_residual
from terminology.cluster import main_stem
from terminology.codes import code_key
from terminology.concept import Concept, Kind
from terminology.mapping import Mapping as MapRow
from terminology.mapping import TargetKind

EQUIVALENT = "Equivalent"
_EQUIVALENT_TRUST, _OTHER_TRUST = 0.95, 0.8
_TEN_TRUST, _RESIDUAL_TEN_TRUST = 0.9, 0.7
_NAMES_OTHERS = 0.88
_NAMES_CAUSE = re.compile(r"\b(?:due to|caused by|secondary to|screening for|complicating)\b", re.I)

_RESIDUAL_COST = {"Y": 0.12}


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the MMS as far as placing terms needs it. ``residual`` is its parent's ``Y`` category."""

    key: str
    title: str
    coded: bool
    residual: str | None


def categories(concepts: Iterable[Concept]) -> dict[str, Category]:
    """Return the categories of one ICD-11 release by foundation URI."""
    listed = [c for c in concepts if c.foundation_uri or c.kind is not Kind.EXTENSION]
    others = {c.parent: code_key(c.code) for c in listed if c.kind is Kind.STEM and c.code.endswith("Y")}
    return {
        c.foundation_uri: Category(
            code_key(c.code), c.title, c.kind in (Kind.STEM, Kind.EXTENSION), others.get(c.parent)
        )
        for c in listed
        if c.foundation_uri
    }


@dataclass(frozen=True, slots=True)
class _Place:
    key: str
    trust: float


def place_foundation_terms(
    rows: Sequence[MapRow],
    ten_to_foundation: Iterable[MapRow],
    ten_to_eleven: Iterable[MapRow],
    mms: Mapping[str, Category],
) -> dict[str, list[SearchTerm]]:
    """Return the titles of foundation entities by the key of the ICD-11 category they fall in.

    ``rows`` are WHO's ``foundation_11To10`` table in its own order, ``ten_to_foundation`` and
    ``ten_to_eleven`` the two tables from ICD-10 that together say where some entities fall.
    """
    stated = _stated_places(ten_to_foundation, ten_to_eleven)
    placed: dict[str, list[SearchTerm]] = defaultdict(list)
    above: tuple[Category, MapRow] | None = None
    for row in rows:
        uri = row.source_uri or ""
        own = mms.get(uri)
        if own is not None:
            above = (own, row)
            continue
        source = f"WHO ICD-11 foundation {row.release}"
        places = [_Place(stated[uri], 1.0)] if uri in stated else category_of(row, above)
        for place in places:
            trust = place.trust * _as_name(row.source_title)
            placed[place.key].append(SearchTerm(row.source_title, TermKind.SYNONYM, source, trust=trust))
    return placed


def _as_name(title: str) -> float:
    """Return how far the title of an entity is a name of all that its words say.

    *Certain specified strabismus* is but some strabismus, *Chorea due to polycythaemia* is no polycythaemia.
    """
    return _NAMES_OTHERS if says_residual(title) or _NAMES_CAUSE.search(title) else 1.0


def _stated_places(ten_to_foundation: Iterable[MapRow], ten_to_eleven: Iterable[MapRow]) -> dict[str, str]:
    category = {
        code_key(row.source_code): code_key(main_stem(row.target))
        for row in ten_to_eleven
        if row.source_code and row.target and row.target_kind in (TargetKind.CODE, TargetKind.CLUSTER)
    }
    return {
        row.target_foundation_uri or row.target_uri or "": category[code_key(row.source_code)]
        for row in ten_to_foundation
        if row.relation == EQUIVALENT and row.source_code and code_key(row.source_code) in category
    }


def category_of(row: MapRow, above: tuple[Category, MapRow] | None) -> list[_Place]:
    """Return where an entity without a code may fall, the likelier place first.

    It falls under the category listed before it when it maps to the same ICD-10 code, or when its title
    keeps all words of that category's title; beside it, in the residual category, when neither holds.
    """
    if above is None or not above[0].coded:
        return []
    category, listed = above
    own, general = row.target or "", listed.target or ""
    head, title = set(forms(category.title)[0]), set(forms(row.source_title)[0])
    same_code = bool(general) and code_key(own).startswith(code_key(general))
    shared = bool(head & title)
    if same_code and shared:
        return [_Place(category.key, 0.95)]
    same_category = own[:3] == general[:3]
    if shared and (not same_category or head <= title):
        return [_Place(category.key, 0.92)]
    beside = [_Place(category.residual, 0.88)] if category.residual else []
    if not shared and not same_code and not same_category:
        return [*beside, _Place(category.key, 0.7)]
    return [*beside, _Place(category.key, 0.85)]


def terms_by_ten(
    rows: Iterable[MapRow], keys: Mapping[str, str], system_note: str, residual: Container[str] = frozenset()
) -> dict[str, list[SearchTerm]]:
    """Return foundation titles by the key of the ICD-10 code WHO maps them to.

    ``keys`` maps the ICD-10 keys that may be used to the key of the target system (itself, for ICD-10).
    Terms of ``residual`` keys are trusted less: another system may have a code of its own for them.
    """
    placed: dict[str, list[SearchTerm]] = defaultdict(list)
    for row in rows:
        if row.target is None or row.target_kind is not TargetKind.CODE:
            continue
        key = keys.get(code_key(row.target))
        if key is not None:
            source = f"WHO ICD-11 foundation {row.release}, {system_note} {row.target}"
            trust = _RESIDUAL_TEN_TRUST if key in residual else _TEN_TRUST
            trust *= _as_name(row.source_title)
            placed[key].append(SearchTerm(row.source_title, TermKind.SYNONYM, source, trust=trust))
    return placed


def same_meaning(first: str, second: str) -> bool:
    """Whether two titles say the same, up to word order, spelling and connecting words.

    >>> same_meaning("Anaemia, unspecified", "Anemia unspecified"), same_meaning("Asthma", "Cough")
    (True, False)
    """
    a, b = set(forms(first)[0]), set(forms(second)[0])
    return bool(a) and len(a & b) >= 0.6 * len(a | b)


def equivalent_terms(
    ten_to_foundation: Iterable[MapRow],
    ten_to_eleven: Iterable[MapRow],
    terms_of_ten: Mapping[str, Sequence[SearchTerm]],
    parents: Mapping[str, str],
) -> dict[str, list[SearchTerm]]:
    """Return the terms an ICD-10 code lends to the ICD-11 category WHO calls its equivalent.

    ``terms_of_ten`` are the terms of ICD-10 codes by key (its title, and those of the ICD-10-CM code of the
    same meaning). What falls in an "unspecified" residual names its parent just as well, which ``parents``
    gives by key.
    """
    equal = {
        code_key(row.source_code)
        for row in ten_to_foundation
        if row.relation == EQUIVALENT and row.source_code is not None
    }
    placed: dict[str, list[SearchTerm]] = defaultdict(list)
    for row in ten_to_eleven:
        if row.source_code is None or row.target is None or row.target_kind is not TargetKind.CODE:
            continue
        source = code_key(row.source_code)
        target = code_key(row.target)
        trust = _EQUIVALENT_TRUST if source in equal else _OTHER_TRUST
        targets = [(target, trust - _RESIDUAL_COST.get(target[-1], 0.0))]
        if target in parents and target.endswith("Z"):
            targets.append((parents[target], trust))
        for term in terms_of_ten.get(source, ()):
            note = f"{term.source}, at ICD-10 {row.source_code}"
            for key, fit in targets:
                lent = SearchTerm(term.text, TermKind.EQUIVALENT, note, term.modifiers, term.trust * fit)
                placed[key].append(lent)
    return placed
