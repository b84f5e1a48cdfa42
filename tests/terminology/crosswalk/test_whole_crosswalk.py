"""What holds for every code of the crosswalk, on the real releases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from terminology.concept import Kind
from terminology.crosswalk.candidates.strangeness import opposites
from terminology.crosswalk.engine import Engine
from terminology.crosswalk.express.laterality import SIDE_CODES
from terminology.crosswalk.model import Crosswalk, Relationship, Target
from terminology.crosswalk.read.assertions import excluded, least_extra, tells_only_within
from terminology.crosswalk.read.facets import read_title
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import GENERIC

pytestmark = pytest.mark.realdata

_SIDES = frozenset({"right", "left"})
_BRACKETED = re.compile(r"\[(?:right|left)\]")
_TRIMESTER = re.compile(r"(?:first|second|third|unspecified) trimester")
_EXCEPTED = re.compile(r"\b(?:except|excluding)\b")


@pytest.fixture(scope="module")
def engine(data_dir: Path) -> Engine:
    from bench.crosswalk_eval import read_corpus  # noqa: PLC0415

    return Engine(read_corpus(data_dir))


@pytest.fixture(scope="module")
def crosswalks(engine: Engine) -> dict[str, Crosswalk]:
    return {c.code: engine.map(c.code) for c in engine.corpus.source if c.billable}


def recommended(crosswalks: dict[str, Crosswalk]) -> Iterator[tuple[Crosswalk, Target]]:
    for crosswalk in crosswalks.values():
        assert crosswalk.recommended is not None, crosswalk.source_code
        yield crosswalk, crosswalk.recommended


def sides(text: str) -> frozenset[str]:
    words = phrase(text).words
    return _SIDES if "bilateral" in words else _SIDES & words


def test_kept_and_lost_facets_are_all_facets(crosswalks: dict[str, Crosswalk]) -> None:
    for crosswalk, target in recommended(crosswalks):
        facets = {str(f) for f in read_title(crosswalk.source_title, crosswalk.source_code).facets}
        assert set(target.facets_kept) | set(target.facets_lost) == facets, crosswalk.source_code
        assert set(target.facets_kept).isdisjoint(target.facets_lost), crosswalk.source_code


def test_no_stem_is_of_the_other_side(crosswalks: dict[str, Crosswalk]) -> None:
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        ours = sides(crosswalk.source_title)
        for group in target.groups:
            theirs = sides(dict(zip(target.members, target.titles, strict=True))[group.stem] or "")
            if ours and theirs and not theirs & ours:
                wrong.append((crosswalk.source_code, target.expression))
    assert wrong == []


def test_no_side_is_said_that_the_source_does_not_name(crosswalks: dict[str, Crosswalk]) -> None:
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        named = read_title(crosswalk.source_title, crosswalk.source_code).sides
        given = [code for code in target.members if code in SIDE_CODES]
        said = {side for code in given for side in SIDE_CODES[code]}
        allowed = named | (_SIDES if "bilateral" in named else set())
        if not said <= allowed:
            wrong.append((crosswalk.source_code, target.expression))
    assert wrong == []


def test_what_a_source_excepts_is_no_extension(crosswalks: dict[str, Crosswalk]) -> None:
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        title = crosswalk.source_title.lower()
        found = _EXCEPTED.search(title)
        if found is None:
            continue
        excepted = phrase(re.split(r"[\]),;]", title[found.end() :])[0]).everything
        excepted -= phrase(title[: found.start()]).everything
        for code, name in zip(target.members, target.titles, strict=True):
            if code.startswith("X") and phrase(name or "").words <= excepted:
                wrong.append((crosswalk.source_code, target.expression))
    assert wrong == []


def test_no_stem_excludes_what_the_source_says(crosswalks: dict[str, Crosswalk]) -> None:
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        core = read_title(crosswalk.source_title, crosswalk.source_code).core
        affirmed = frozenset(w for w in core.words if not w.startswith("!"))
        title = target.titles[0] or ""
        if any(words <= affirmed for words in excluded(title)):
            wrong.append((crosswalk.source_code, crosswalk.source_title, title))
    assert wrong == []


def test_no_stem_asserts_what_the_source_denies(crosswalks: dict[str, Crosswalk]) -> None:
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        reading = read_title(crosswalk.source_title, crosswalk.source_code)
        said, _ = least_extra(target.titles[0] or "", reading.core.everything)
        for facet in reading.clauses:
            words = facet.words.words if facet.dimension == "absence" and facet.words else frozenset()
            if words and words <= said - reading.core.words:
                wrong.append((crosswalk.source_code, str(facet), target.titles[0]))
    assert wrong == []


def test_no_expression_says_the_opposite(crosswalks: dict[str, Crosswalk]) -> None:
    """A stem that says the opposite is meant only where another code says what the source does: a thumb."""
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        core = read_title(crosswalk.source_title, crosswalk.source_code).core
        mine = frozenset(w for w in core.everything if not w.startswith("!"))
        said, _ = least_extra(target.titles[0] or "", mine)
        told = frozenset(w for title in target.titles for w in phrase(title or "").everything)
        opposed = [w for w in said & opposites().keys() - mine if opposites()[w] & mine - told]
        wrong += [(crosswalk.source_code, crosswalk.source_title, word) for word in opposed]
    assert wrong == []


def test_a_burn_of_a_depth_has_a_stem_of_a_depth(crosswalks: dict[str, Crosswalk]) -> None:
    burns = [c for c in crosswalks.values() if re.search("of (?:first|second|third) degree", c.source_title)]
    found = [(c.source_code, t) for c, t in recommended({c.source_code: c for c in burns})]
    assert len(found) > 1000
    unsaid = {code[:6] for code, target in found if "depth of burn unspecified" in (target.titles[0] or "")}
    assert unsaid <= {"T22.20", "T22.60"}  # an entity of WHO's foundation of these very words stands there


def test_no_condition_is_told_by_what_occurs_in_it_alone(crosswalks: dict[str, Crosswalk]) -> None:
    wrong = []
    for crosswalk, target in recommended(crosswalks):
        reading = read_title(crosswalk.source_title, crosswalk.source_code)
        words = reading.condition.words.everything - GENERIC if reading.condition.words else frozenset()
        titles = [dict(zip(target.members, target.titles, strict=True))[g.stem] or "" for g in target.groups]
        equivalent = target.relationship is Relationship.EQUIVALENT
        if equivalent and all(tells_only_within(title, words, reading.subject) for title in titles):
            wrong.append((crosswalk.source_code, target.expression))
    assert wrong == []


def test_a_dementia_is_told_before_its_disturbance(crosswalks: dict[str, Crosswalk]) -> None:
    found = [(c.source_code, t) for c, t in recommended(crosswalks) if re.match("F0[1-3]", c.source_code)]
    assert len(found) > 60
    assert [code for code, target in found if target.groups[0].stem.startswith("6D86")] == []


def test_harm_in_health_care_is_not_told_by_its_mode_first(crosswalks: dict[str, Crosswalk]) -> None:
    first = ((c.source_code, t.groups[0].stem) for c, t in recommended(crosswalks))
    modes = [code for code, stem in first if stem.startswith(("PL10", "PL11"))]
    assert [code for code in modes if not code.startswith(("Y6", "Y8"))] == []


def test_left_and_right_twins_get_twin_expressions(crosswalks: dict[str, Crosswalk]) -> None:
    by_title = {c.source_title.lower(): c for c in crosswalks.values()}
    differing = []
    for title, crosswalk in by_title.items():
        twin = by_title.get(re.sub(r"\bright\b", "left", title)) if "right" in title else None
        if twin is None or crosswalk.recommended is None or twin.recommended is None:
            continue
        mirrored = crosswalk.recommended.expression.replace("XK9K", "XK8G")
        if sorted(re.split("[&/]", mirrored)) != sorted(re.split("[&/]", twin.recommended.expression)):
            titles = (*crosswalk.recommended.titles, *twin.recommended.titles)
            if not any(
                sides(name or "") for name in titles if name not in ("Right", "Left")
            ):  # a stem's own side
                differing.append((crosswalk.source_code, mirrored, twin.recommended.expression))
    assert differing == []


def test_families_by_their_seventh_character_agree_on_the_stem(crosswalks: dict[str, Crosswalk]) -> None:
    families: dict[str, set[str]] = defaultdict(set)
    for crosswalk, target in recommended(crosswalks):
        code = crosswalk.source_code
        if len(code) == 8 and code[:1] in "MSTVWXY" and code[-1].isalpha():
            families[code[:-1]].add(target.stem)
    assert {code: stems for code, stems in families.items() if len(stems) > 1} == {}


def test_families_by_their_trimester_agree_on_the_expression(crosswalks: dict[str, Crosswalk]) -> None:
    families: dict[str, set[str]] = defaultdict(set)
    for crosswalk, target in recommended(crosswalks):
        title = crosswalk.source_title.lower()
        if "trimester" in title:
            families[_TRIMESTER.sub("trimester", title)].add(target.expression)
    assert {title: said for title, said in families.items() if len(said) > 1} == {}


def test_no_extension_of_a_side_is_said_of_a_part_that_has_its_side_in_its_name(
    crosswalks: dict[str, Crosswalk],
) -> None:
    wrong = [
        (crosswalk.source_code, target.expression)
        for crosswalk, target in recommended(crosswalks)
        if re.search(r"\[(?:right|left)\]", crosswalk.source_title)
        and SIDE_CODES.keys() & set(target.members)
    ]
    assert wrong == []


def test_a_side_is_claimed_or_optional(engine: Engine, crosswalks: dict[str, Crosswalk]) -> None:
    optional = 0
    for crosswalk, target in recommended(crosswalks):
        for group in target.groups:
            assert set(group.optional) <= set(group.extensions) & SIDE_CODES.keys(), crosswalk.source_code
        optional += bool(target.optional)
    sided = sum(bool(SIDE_CODES.keys() & set(t.members)) for _, t in recommended(crosswalks))
    assert 0 < optional < sided / 4


def test_equivalent_targets_lose_and_add_nothing(crosswalks: dict[str, Crosswalk]) -> None:
    for crosswalk, target in recommended(crosswalks):
        if target.relationship is Relationship.EQUIVALENT:
            assert not target.facets_added, crosswalk.source_code
            assert all(lost.endswith("unspecified") for lost in target.facets_lost), crosswalk.source_code


def test_every_group_is_a_stem_with_extension_codes(engine: Engine, crosswalks: dict[str, Crosswalk]) -> None:
    known = engine.tabulation
    for crosswalk in crosswalks.values():
        for target in crosswalk.targets:
            for group in target.groups:
                assert known.is_stem(group.stem), crosswalk.source_code
                assert all(map(known.is_extension, group.extensions)), crosswalk.source_code
                wider = {a for code in group.extensions for a in known.ancestors(code)}
                assert wider.isdisjoint(group.extensions), (crosswalk.source_code, target.expression)


def test_source_codes_are_categories_or_codes(engine: Engine) -> None:
    assert all(c.kind is Kind.CODE or not c.billable for c in engine.corpus.source)
