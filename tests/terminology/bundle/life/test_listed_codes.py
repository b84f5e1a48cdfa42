"""Pasted lists of codes, as people paste them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.life.code_list import ListStatus, codes_in, listed_codes, listed_on
from terminology.bundle.store import Store
from terminology.errors import UnknownCodeError

URI = "http://hl7.org/fhir/sid/icd-10-cm|E11.9"


def test_a_prefix_stays_with_its_code() -> None:
    assert codes_in(f"ICD-10-CM: E11.9; icd-10-cm|S52, {URI}") == ["ICD-10-CM: E11.9", "icd-10-cm|S52", URI]


def test_codes_with_their_system_in_front_are_found(small_bundle: Path) -> None:
    found = listed_codes(
        Store(small_bundle), "icd-10-cm", codes_in(f"ICD-10-CM: E11.9 {URI}"), date(2026, 11, 1)
    )
    assert [one.code for one in found] == ["E11.9", "E11.9"]


def test_codes_of_icd_9_are_named_as_such(small_bundle: Path) -> None:
    found = listed_codes(Store(small_bundle), "icd-10-cm", ["250.00", "icd9:E11.9"], date(2026, 11, 1))
    assert {one.status for one in found} == {ListStatus.NOT_FOUND}
    assert "looks like a code of ICD-9-CM" in found[0].message
    assert "its prefix names icd-9-cm" in found[1].message


def test_a_mistyped_code_suggests_what_a_look_up_does(small_bundle: Path) -> None:
    store, day = Store(small_bundle), date(2026, 11, 1)
    for mistyped in ("E1l.9", "S52.501XA", "E11.91"):
        (found,) = listed_codes(store, "icd-10-cm", [mistyped], day)
        with pytest.raises(UnknownCodeError) as fault:
            store.concept("icd-10-cm", mistyped, on=day)
        near = tuple(fault.value.suggestions)
        assert found.suggestion[: len(near)] == near
        assert found.suggestion


def test_each_code_may_have_a_day_of_its_own(small_bundle: Path) -> None:
    asked = [("E11.A", date(2026, 9, 30)), ("E11.A", date(2026, 10, 1)), ("E11.8", date(2026, 10, 1))]
    found = listed_on(Store(small_bundle), "icd-10-cm", asked)
    assert [(one.status, one.on) for one in found] == [
        (ListStatus.NOT_YET_VALID, "2026-09-30"),
        (ListStatus.VALID, "2026-10-01"),
        (ListStatus.RETIRED, "2026-10-01"),
    ]
