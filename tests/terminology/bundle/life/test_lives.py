"""The lives of codes, put together from releases, dates of single codes and dated tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from terminology.bundle.life.lives import lives, merged
from terminology.bundle.life.period import Period
from terminology.concept import Concept, Kind
from terminology.edition import Edition, Library
from terminology.mapping import Predecessor
from terminology.release import Release, fiscal_year_dates
from tests.claim_library import claim_library, mce_master, mce_row
from tests.small_library import small_library


def life_of(library: Library, system: str, key: str) -> tuple[Period, ...]:
    return next(life.periods for life in lives(library) if (life.system, life.key) == (system, key))


def hcpcs(release: str, start: date, end: date, **dates: Any) -> Edition:
    concepts = [
        Concept("hcpcs", "A", "Supplies", Kind.CHAPTER, None),
        Concept("hcpcs", "A9999", "Thing", Kind.CODE, "A", **dates),
    ]
    return Edition(Release("hcpcs", release, start, end), concepts)


OLD = ("2020-01", date(2020, 1, 1), date(2020, 12, 31))
NEW = ("2026-07", date(2026, 7, 1), date(2026, 9, 30))


def test_a_dated_table_gives_a_code_its_own_days_not_those_of_its_edition() -> None:
    (period,) = life_of(claim_library(), "icd-10-cm", "E119")
    assert (period.start, period.end, period.start_known) == (date(2015, 10, 1), None, True)
    assert "Medicare Code Editor v44" in period.source


def test_flags_that_change_within_a_life_do_not_end_it() -> None:
    (period,) = life_of(claim_library(), "icd-10-cm", "B9561")
    assert (period.start, period.end, period.title) == (date(2015, 10, 1), None, None)


def test_a_code_of_the_oldest_release_begins_nobody_knows_when() -> None:
    (period,) = life_of(small_library(), "icd-10-cm", "E119")
    assert (period.start, period.start_known) == (date(2025, 10, 1), False)
    assert period.may_cover(date(2016, 1, 1)) and not period.covers(date(2016, 1, 1))


def test_the_conversion_table_tells_when_a_code_of_the_oldest_release_began() -> None:
    library = small_library()
    library.predecessors = [Predecessor("E11.9", "E11.0", 2019, 2)]
    (period,) = life_of(library, "icd-10-cm", "E119")
    assert (period.start, period.start_known) == (date(2019, 10, 1), True)


def test_a_code_ends_on_the_day_before_the_first_release_without_it() -> None:
    (period,) = life_of(small_library(), "icd-10-cm", "E118")
    assert (period.end, period.end_known) == (date(2026, 9, 30), True)


def test_another_title_begins_another_period() -> None:
    first, second = life_of(small_library(), "icd-10-cm", "S52501A")
    assert (first.end, second.start) == (date(2026, 9, 30), date(2026, 10, 1))
    assert first.title != second.title


def test_a_code_that_became_a_heading_before_the_oldest_release_is_one_from_the_day_it_was_divided() -> None:
    library = claim_library()
    loaded = mce_master()
    rows = [
        *loaded.rows,
        mce_row(30, "S525", end=date(2018, 9, 30)),
        mce_row(31, "S52501A", start=date(2018, 10, 1)),
    ]
    library.edit_tables = [type(loaded)(loaded.table, loaded.release, rows)]
    code, heading = life_of(library, "icd-10-cm", "S525")
    assert (code.billable, code.end) == (True, date(2018, 9, 30))
    assert (heading.billable, heading.start, heading.start_known) == (False, date(2018, 10, 1), True)


def test_the_add_date_of_hcpcs_begins_a_life_and_the_end_of_a_quarter_does_not_end_it() -> None:
    library = Library(editions=[hcpcs(*NEW, valid_from=date(1986, 1, 1))])
    (period,) = life_of(library, "hcpcs", "A9999")
    assert (period.start, period.end, period.start_known) == (date(1986, 1, 1), None, True)


def test_a_termination_date_ends_a_life_that_the_file_still_prints() -> None:
    dates: dict[str, Any] = {"valid_from": date(1986, 1, 1), "valid_to": date(2021, 12, 31)}
    (period,) = life_of(Library(editions=[hcpcs(*OLD), hcpcs(*NEW, **dates)]), "hcpcs", "A9999")
    assert (period.start, period.end) == (date(1986, 1, 1), date(2021, 12, 31))


def test_without_an_add_date_a_code_may_have_begun_since_the_release_before() -> None:
    empty = Edition(Release("hcpcs", *OLD), [Concept("hcpcs", "A", "Supplies", Kind.CHAPTER, None)])
    (period,) = life_of(Library(editions=[empty, hcpcs(*NEW)]), "hcpcs", "A9999")
    assert (period.start, period.earliest) == (date(2026, 7, 1), date(2021, 1, 1))
    assert not period.start_known


def test_a_code_on_both_sides_of_a_gap_between_releases_lived_through_it() -> None:
    (period,) = life_of(Library(editions=[hcpcs(*OLD), hcpcs(*NEW)]), "hcpcs", "A9999")
    assert period.covers(date(2023, 5, 1))


def test_an_april_edition_begins_new_codes_in_april() -> None:
    autumn = Edition(
        Release("icd-10-cm", "2026", *fiscal_year_dates(2026)),
        [Concept("icd-10-cm", "1", "Chapter", Kind.CHAPTER, None)],
    )
    spring = Edition(
        Release("icd-10-cm", "2026-04", date(2026, 4, 1), date(2026, 9, 30)),
        [*autumn.concepts, Concept("icd-10-cm", "A00-A09", "Block", Kind.BLOCK, "1")],
    )
    (period,) = life_of(Library(editions=[autumn, spring]), "icd-10-cm", "A00-A09")
    assert (period.start, period.start_known) == (date(2026, 4, 1), True)


def test_periods_that_touch_are_one() -> None:
    periods = [(date(2020, 1, 1), date(2020, 12, 31)), (date(2021, 1, 1), date(2021, 6, 30))]
    assert merged(periods) == ((date(2020, 1, 1), date(2021, 6, 30)),)
    apart = [(date(2020, 1, 1), date(2020, 12, 30)), (date(2021, 1, 1), None)]
    assert merged(apart) == tuple(apart)
