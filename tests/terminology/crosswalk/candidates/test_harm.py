"""Harm by a device is told as the harm, its cause and its mode."""

from __future__ import annotations

from terminology.concept import Concept, Kind
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.candidates.harm import harm
from terminology.crosswalk.read.facets import read_title

_STEMS = (
    "NE83.Y",
    "NE83.1",
    "NE81.0Z",
    "NE81.01",
    "NE81.Y",
    "PK80.3Z",
    "PK80.15",
    "PL11.0",
    "PL11.3",
    "MG27",
    "PK91.2Z",
    "PK91.22",
    "PL12.3",
    "PL12.4",
)
_DRUGS = ("NE60", "PL00", "PL13.1", "PL13.2", "QA71")


def _ways(code: str, title: str) -> list[tuple[tuple[str, ...], ...]]:
    tabulation = Tabulation(
        "2025-01", [Concept("icd-11", c, c, Kind.STEM, None) for c in (*_STEMS, *_DRUGS)], {}
    )
    return [way.groups for way in harm(code, read_title(title, code), tabulation)]


def _groups(code: str, title: str) -> tuple[tuple[str, ...], ...] | None:
    return next(iter(_ways(code, title)), None)


def test_harm_comes_first_then_the_device_then_the_mode() -> None:
    title = "Thrombosis due to vascular prosthetic devices, implants and grafts, initial encounter"
    assert _groups("T82.868A", title) == (("NE83.Y",), ("PK91.2Z",), ("PL12.3",))
    title = "Displacement of biological heart valve graft, initial encounter"
    assert _groups("T82.222A", title) == (("NE83.Y",), ("PK91.22",), ("PL12.4",))


def test_what_the_harm_led_to_has_a_stem_of_its_own() -> None:
    title = "Hemorrhage due to vascular prosthetic devices, implants and grafts, initial encounter"
    assert _groups("T82.838A", title) == (("NE83.Y",), ("MG27",), ("PK91.2Z",))


def test_other_codes_are_no_harm_by_a_device() -> None:
    assert _groups("T81.31XA", "Disruption of external operation (surgical) wound, initial encounter") is None


def test_a_drug_in_therapeutic_use_is_the_cause_between_the_harm_and_its_mode() -> None:
    title = "Adverse effect of anticoagulants, initial encounter"
    assert _groups("T45.515A", title) == (("NE60",), ("PL00",), ("PL13.2",))
    assert _groups("T36.0X5A", "Adverse effect of penicillins, initial encounter") is not None


def test_underdosing_tells_no_harm_and_is_the_mode_of_one_in_the_other_way_to_tell_it() -> None:
    title = "Underdosing of anticoagulants, initial encounter"
    assert _ways("T45.516A", title) == [(("QA71",),), (("PL00",), ("PL13.1",))]


def test_a_poisoning_is_no_harm_in_therapeutic_use() -> None:
    title = "Poisoning by anticoagulants, accidental (unintentional), initial encounter"
    assert _groups("T45.511A", title) is None


def test_the_bleeding_of_a_procedure_is_one_harm_in_whatever_chapter() -> None:
    title = "Postprocedural hemorrhage of the spleen following other procedure"
    assert _groups("D78.22", title) == (("NE81.0Z",),)
    title = "Intraoperative hemorrhage and hematoma of right eye and adnexa complicating other procedure"
    assert _groups("H59.121", title) == (("NE81.01",),)
    assert _groups("L76.33", "Postprocedural seroma of skin following a dermatologic procedure") == (
        ("NE81.Y",),
    )


def test_a_mode_follows_the_harm_and_the_procedure_that_the_title_names() -> None:
    title = (
        "Accidental puncture and laceration of a digestive system organ or structure during a digestive"
        " system procedure"
    )
    assert _groups("K91.71", title) == (("NE81.Y",), ("PK80.3Z",), ("PL11.0",))
    title = "Perforation due to foreign body accidentally left in body following heart catheterization"
    assert _groups("T81.535A", title) == (("NE81.Y",), ("PK80.15",), ("PL11.3",))
