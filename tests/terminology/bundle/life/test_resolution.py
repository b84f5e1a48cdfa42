"""What a code is on a day, and what became of codes that are not in use then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.life.code_status import CodeStatus
from terminology.bundle.life.resolution import not_in_use, resolve
from terminology.bundle.store import Store
from terminology.concept import Concept, Kind
from terminology.errors import CodeNotValidError, InvalidRequestError, UnknownCodeError
from terminology.graph import TerminologyGraph
from terminology.mapping import Predecessor
from tests.claim_library import claim_library, mce_master
from tests.small_library import small_library

Opening = Callable[..., Store]
NOW = date(2026, 11, 2)


@pytest.fixture
def store_with(tmp_path: Path) -> Opening:
    """A function that opens a bundle of the small library with other lines in the conversion table."""

    def opened(*predecessors: Predecessor) -> Store:
        library = small_library()
        library.predecessors = list(predecessors)
        write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
        return Store(tmp_path)

    return opened


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[Store]:
    """A bundle with the Medicare Code Editor's master, E11 divided in 2027 and E11.8 merged into E11.9."""
    library = claim_library()
    loaded = mce_master()
    row = loaded.rows[-1]
    rows = [
        type(row)(17, "E118", date(2015, 10, 1), date(2026, 9, 30), ()),
        type(row)(18, "E11A", date(2026, 10, 1), None, ()),
        type(row)(19, "E116", date(2015, 10, 1), date(2020, 9, 30), ()),
    ]
    library.edit_tables = [type(loaded)(loaded.table, loaded.release, [*loaded.rows, *rows])]
    write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    opened = Store(tmp_path)
    yield opened
    opened.close()


def test_a_retired_code_says_when_it_ended_and_what_succeeds_it(store: Store) -> None:
    gone = resolve(store, "icd-10-cm", "e118", NOW)
    assert (gone.code, gone.status, gone.last_release) == ("E11.8", CodeStatus.RETIRED, "2026")
    assert gone.ended == "2026-09-30"
    assert [(s.code, s.since) for s in gone.successors] == [("E11.A", "2026-10-01")]
    assert "ended on 2026-09-30" in gone.message and "E11.A" in gone.message


def test_the_same_code_is_in_use_on_its_last_day(store: Store) -> None:
    assert resolve(store, "icd-10-cm", "E11.8", date(2026, 9, 30)).exists
    assert not resolve(store, "icd-10-cm", "E11.8", date(2026, 10, 1)).exists


def test_a_code_still_to_come_says_when_it_begins_and_what_is_used_until_then(store: Store) -> None:
    coming = resolve(store, "icd-10-cm", "E11.A", date(2026, 9, 30))
    assert (coming.status, coming.begins) == (CodeStatus.NOT_YET_VALID, "2026-10-01")
    assert "E11.8" in coming.message


@pytest.mark.parametrize(
    ("system", "code", "title"), [("icd-10-cm", "5A11", "ICD-11 MMS"), ("icd-11", "E11.9", "ICD-10-CM")]
)
def test_a_code_of_another_system_is_named_as_such_and_kept_as_written(
    system: str, code: str, title: str, store: Store
) -> None:
    found = resolve(store, system, code, NOW)
    assert (found.status, found.code, found.heading) == (CodeStatus.UNKNOWN, code, None)
    assert found.message.endswith(f"{code} is a code of {title}")
    with pytest.raises(UnknownCodeError, match=f"{code} is a code of {title}"):
        store.concept(system, code)


def test_a_code_that_never_was_is_unknown(store: Store) -> None:
    assert resolve(store, "icd-10-cm", "E11.7", NOW).status is CodeStatus.UNKNOWN


def test_what_two_codes_became_together_is_a_merger(store_with: Opening) -> None:
    store = store_with(Predecessor("E11.A", "E11.8", 2026, 3), Predecessor("E11.A", "E11.6", 2026, 4))
    assert resolve(store, "icd-10-cm", "E11.8", NOW).status is CodeStatus.MERGED


def test_a_code_that_several_took_the_place_of_is_split(store_with: Opening) -> None:
    store = store_with(Predecessor("E11.A", "E11.8", 2026, 3), Predecessor("E11.9", "E11.8", 2026, 4))
    assert resolve(store, "icd-10-cm", "E11.8", NOW).status is CodeStatus.SPLIT


def test_successors_are_followed_until_they_are_current(store_with: Opening) -> None:
    store = store_with(Predecessor("E11.8", "E11.6", 2018, 3), Predecessor("E11.A", "E11.8", 2026, 4))
    gone = resolve(store, "icd-10-cm", "E11.6", NOW)
    assert (gone.title, gone.last_release, gone.ended) == (None, None, "2018-09-30")
    assert [s.code for s in gone.successors] == ["E11.A"]
    earlier = resolve(store, "icd-10-cm", "E11.6", date(2026, 1, 1))
    assert [s.code for s in earlier.successors] == ["E11.8"]


def test_before_the_only_date_that_is_known_of_a_code_nobody_says_whether_it_was_valid(
    store_with: Opening,
) -> None:
    store = store_with(Predecessor("E11.A", "E11.6", 2026, 3))
    assert resolve(store, "icd-10-cm", "E11.6", date(2020, 1, 1)).status is CodeStatus.UNDETERMINED


def test_where_the_table_is_silent_codes_begun_below_the_heading_are_named(store_with: Opening) -> None:
    gone = resolve(store_with(), "icd-10-cm", "E11.8", NOW)
    assert gone.heading == "E11"
    assert [(s.code, s.since) for s in gone.successors] == [("E11.A", None)]


def test_before_the_oldest_release_the_dated_table_answers(dated: Store) -> None:
    assert resolve(dated, "icd-10-cm", "E11.9", date(2018, 1, 1)).exists
    assert resolve(dated, "icd-10-cm", "E11.6", date(2018, 1, 1)).exists
    assert resolve(dated, "icd-10-cm", "E11.6", date(2021, 1, 1)).status is CodeStatus.RETIRED
    assert resolve(dated, "icd-10-cm", "E11.9", date(2015, 9, 30)).status is CodeStatus.NOT_YET_VALID


def test_before_the_oldest_release_a_heading_stood_where_a_code_below_it_did(dated: Store) -> None:
    assert resolve(dated, "icd-10-cm", "E11", date(2018, 1, 1)).exists
    assert resolve(dated, "icd-10-cm", "S52", date(2018, 1, 1)).status is CodeStatus.UNDETERMINED


def test_a_concept_of_a_day_before_all_releases_says_where_its_title_is_from(dated: Store) -> None:
    concept = dated.concept("icd-10-cm", "E11.9", on=date(2018, 1, 1))
    assert (concept.release, concept.valid_from, concept.valid_from_known) == ("2026", "2015-10-01", True)
    (notice,) = concept.notices
    assert "2018-01-01" in notice and "release 2026" in notice


def test_a_code_not_in_use_on_a_day_is_refused_with_what_to_use(store: Store) -> None:
    with pytest.raises(CodeNotValidError) as error:
        store.concept("icd-10-cm", "E11.8", on=NOW)
    assert error.value.successors == ("E11.A",)
    assert store.concept("icd-10-cm", "E11.8", on=date(2026, 9, 30)).release == "2026"
    assert store.concept("icd-10-cm", "E11.8", "2026").title == "Type 2 diabetes, old code"


def test_a_day_and_a_release_together_are_refused(store: Store) -> None:
    with pytest.raises(InvalidRequestError, match="date"):
        store.concept("icd-10-cm", "E11.9", "2026", NOW)


def test_a_code_that_became_a_heading_names_the_codes_that_began_below_it(tmp_path: Path) -> None:
    library = small_library()
    newest = next(e for e in library.editions if e.release.id == "2027")
    divided = [
        Concept(c.system, c.code, c.title, Kind.CATEGORY, c.parent, billable=False)
        if c.code == "E11.9"
        else c
        for c in newest.concepts
    ]
    new = Concept("icd-10-cm", "E11.91", "Divided", Kind.CODE, "E11.9", billable=True)
    library.editions = [type(e)(e.release, [*divided, new]) if e is newest else e for e in library.editions]
    write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    store = Store(tmp_path)
    assert resolve(store, "icd-10-cm", "E11.9", date(2026, 9, 30)).billable
    after = resolve(store, "icd-10-cm", "E11.9", date(2026, 10, 1))
    assert (after.exists, after.billable) == (True, False)
    assert [s.code for s in after.successors] == ["E11.91"]


def test_a_heading_as_old_as_the_files_is_not_said_to_have_been_a_code(tmp_path: Path) -> None:
    library = small_library()
    new = Concept("icd-10-cm", "E11.B", "Begun with the files", Kind.CODE, "E11", billable=True)
    library.editions = [
        type(e)(e.release, [*e.concepts, new]) if e.release.system == "icd-10-cm" else e
        for e in library.editions
    ]
    oldest = min(e.release.id for e in library.editions if e.release.system == "icd-10-cm")
    library.predecessors = [Predecessor("E11.B", "E11.9", int(oldest) - 1, 1)]
    write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    heading = resolve(Store(tmp_path), "icd-10-cm", "E11", NOW)
    assert heading.billable is False
    assert "it was a code" not in heading.message
    assert heading.successors == ()


@pytest.mark.parametrize("text", ["diabetes", "E11.8 and more", "", "E1", "é11.8"])
def test_words_are_no_code_that_is_not_in_use(store: Store, text: str) -> None:
    assert not_in_use(store, text) == ()


def test_a_system_that_never_had_the_code_is_silent(store: Store) -> None:
    assert [g.system for g in not_in_use(store, "E118", on=NOW)] == ["icd-10-cm"]
    assert not_in_use(store, "E118", "icd-11", NOW) == ()
    assert not_in_use(store, "E118", "hcpcs", NOW) == ()
