"""The measures on hand-made codes, with the worked examples of docs/method.md."""

from __future__ import annotations

from dataclasses import replace

import pytest

from terminology.bundle.crosswalk.icd11_places import Icd11Places, Sharing
from terminology.crosswalk.model import Motif, Relationship, Representation
from terminology.facility import DrgWeight, PaymentScheme, Setting
from terminology.impact.coded import Coded, Destination, Facility, State
from terminology.impact.measures.choice import (
    ambiguity,
    entropy,
    entropy_of_choice,
)
from terminology.impact.measures.collisions import (
    KEPT,
    LOST,
    among_all,
    collisions,
    net_weight,
    weight_at_stake,
)
from terminology.impact.measures.comparability import ConditionGroup, comparability_ratio
from terminology.impact.measures.documentation import documentation, prompts, query
from terminology.impact.measures.error_range import KEPT as WHOLE
from terminology.impact.measures.error_range import (
    REPRESENTATION,
    claim_range,
    error_kind,
    kept_range,
    rate,
    share_range,
)
from terminology.impact.measures.lengths import cluster_sizes, field_lengths
from terminology.impact.measures.losses import losses
from terminology.impact.measures.motifs import Shape, convoluted_groups, motifs
from terminology.impact.measures.payment import payment, status_steps
from terminology.impact.measures.representation import accounted, rejected, representation
from terminology.impact.measures.settings import settings_compared
from terminology.impact.measures.workload import smallest_cover
from terminology.impact.sample import drawn_list, sample_size
from terminology.impact.table import Table, Value

FULL, PARTIAL = Representation.FULL, Representation.PARTIAL


def coded(key: str, kind: Representation, *to: Destination, motif: Motif = Motif.IDENTITY) -> Coded:
    return Coded(key, f"{key[:3]}.{key[3:]}".rstrip("."), f"title {key}", "9", State.VALID, kind, motif, to)


def to(
    expression: str,
    confidence: float = 0.9,
    lost: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
    relationship: Relationship = Relationship.EQUIVALENT,
) -> Destination:
    members = expression.replace("/", "&").split("&")
    return Destination(expression, members[0], "", len(members), confidence, lost, added, relationship)


PLACES = Icd11Places(
    titles={
        "GB61": "Chronic kidney disease",
        "GB61.2": "Chronic kidney disease, stage 3a",
        "GB61.3": "Chronic kidney disease, stage 3b",
        "GB61.Z": "Chronic kidney disease, stage unspecified",
        "CB03.4": "Idiopathic pulmonary fibrosis",
        "CB03.1": "Combined pulmonary fibrosis and emphysema",
    },
    parents={
        "GB61": "BlockL2-GB6",
        "GB61.2": "GB61",
        "GB61.3": "GB61",
        "GB61.Z": "GB61",
        "CB03.4": "CB03",
        "CB03.1": "CB03",
        "RA01.0": "RA01",
    },
    children={"GB61": ("GB61.2", "GB61.3", "GB61.Z"), "CB03": ("CB03.1", "CB03.4")},
    back={"BA00.Z": "I10"},
)


def facility(counts: dict[Setting, dict[str, int]], *codes: Coded, shared: Sharing | None = None) -> Facility:
    known = {c.key: c for c in codes}
    for weights in counts.values():
        for key in weights:
            known.setdefault(key, Coded(key, key, "", "", State.UNKNOWN))
    return Facility(known, counts, "2027", {}, PLACES, shared or Sharing())


I10 = coded("I10", FULL, to("BA00.Z"))
I509 = coded("I509", FULL, to("BD1Z"))
I5033 = coded("I5033", PARTIAL, to("BD1Z", lost=("course=acute", "course=chronic")))
HEART = facility({Setting.INPATIENT: {"I10": 60, "I509": 30, "I5033": 9, "ZZZ": 1}}, I10, I509, I5033)


def cells(table: Table, *names: str) -> list[tuple[Value, ...]]:
    """The cells of a table's rows in some of its columns."""
    return [tuple(row[table.column(name)] for name in names) for row in table.rows]


def test_totals_in_are_totals_out_with_unknown_codes_counted() -> None:
    total = [row for row in accounted(HEART).rows if row[1] == "total"]
    assert total == [("all settings", "total", 4, 100, 1.0)]
    assert rejected(HEART).rows == (("ZZZ", "", "unknown", 1),)


def test_representation_shares_are_weighted_by_the_volume_that_has_a_place() -> None:
    rows = cells(representation(HEART), "representation", "share of volume")
    assert rows == [("full", 0.9091), ("full-postcoordinated", 0.0), ("partial", 0.0909), ("none", 0.0)]


def test_a_facet_lost_twice_by_one_code_counts_its_volume_once() -> None:
    row = losses(HEART).rows[0]
    assert (*row[:2], *row[3:5]) == ("all settings", "course", 1, 9)


def test_what_icd_10_cm_leaves_unspecified_and_what_a_full_code_does_without_is_no_loss() -> None:
    full = coded("J189", FULL, to("CA40.Z", lost=("site=unspecified", "course=acute")))
    silent = coded("S01", PARTIAL, to("NA0Z", lost=("laterality=unspecified", "condition=open wound")))
    assert full.lost == ()
    assert silent.lost == ("condition=open wound",)


def test_an_unspecified_kind_of_a_condition_is_lost_like_any_other() -> None:
    flutter = coded("I4892", PARTIAL, to("BC81.2Y", lost=("condition=unspecified atrial flutter",)))
    assert flutter.lost == ("condition=unspecified atrial flutter",)


def test_encounter_codes_make_full_only_what_loses_nothing_else() -> None:
    narrower = Relationship.SOURCE_NARROWER
    alone = coded("S01A", PARTIAL, to("NA01", lost=("encounter=initial",), relationship=narrower))
    more = coded(
        "S02A", PARTIAL, to("NA02", lost=("encounter=initial", "healing=routine"), relationship=narrower)
    )
    late = coded("S03S", PARTIAL, to("NA03", lost=("encounter=sequela",), relationship=narrower))
    assert [c.with_encounter for c in (alone, more, late)] == [
        Representation.FULL_POSTCOORDINATED,
        PARTIAL,
        PARTIAL,
    ]


def test_a_query_asks_which_sibling_where_the_target_is_a_residual_that_loses_what_they_say() -> None:
    ckd = coded("N1830", PARTIAL, to("GB61.Z", lost=("detail=stage 3 unspecified",)))
    table = documentation(facility({Setting.INPATIENT: {"N1830": 30, "I10": 70}}, ckd, I10))
    (row, total) = (line[:8] for line in table.rows)
    options = "GB61.2 Chronic kidney disease, stage 3a; GB61.3 Chronic kidney disease, stage 3b"
    assert row == ("all settings", "N18.30", "title N1830", "GB61.Z", "which stage 3", options, 30, 0.3)
    assert total == ("all settings", "total", "1 of 2 codes", "", "", "", 30, 0.3)


@pytest.mark.parametrize(
    ("code", "title", "stem", "asked"),
    [
        ("J84.10", "Pulmonary fibrosis, unspecified", "CB03.4", True),
        ("Z84.10", "Pulmonary fibrosis, unspecified", "CB03.4", False),
        ("J84.10", "Pulmonary fibrosis, unspecified", "CB03.Y", False),
        ("J84.10", "Idiopathic pulmonary fibrosis", "CB03.4", False),
    ],
    ids=["says more", "a status has nothing to ask", "a residual has nothing to ask", "the same words"],
)
def test_only_what_a_physician_could_answer_is_asked(code: str, title: str, stem: str, asked: bool) -> None:
    added = ("detail=Idiopathic pulmonary fibrosis",)
    found = query(code, title, stem, Relationship.SOURCE_BROADER, (), added, PLACES)
    assert (found is not None) is asked


HEART_ATTACK = Icd11Places(
    titles={
        "BA41": "Acute myocardial infarction",
        "BA41.0": "Acute ST elevation myocardial infarction",
        "BA41.1": "Acute non-ST elevation myocardial infarction",
        "CA23.0": "Allergic asthma",
        "CA23.00": "Allergic asthma with exacerbation",
        "CA23.01": "Allergic asthma with status asthmaticus",
        "CA23.1": "Non-allergic asthma",
        "CA23.10": "Non-allergic asthma with exacerbation",
        "JB08.1": "Labour complicated by cord around neck, with compression",
        "JB08.5": "Labour complicated by other cord entanglement, with compression",
        "LA02.0": "Myelomeningocele with hydrocephalus",
        "LA02.1": "Myelomeningocele without hydrocephalus",
    },
    parents={
        **{"BA41.0": "BA41", "BA41.1": "BA41", "CA23.00": "CA23.0", "CA23.01": "CA23.0", "CA23.10": "CA23.1"},
        **{"CA23.0": "CA23", "CA23.1": "CA23", "JB08.Y": "JB08", "LA02.Z": "LA02"},
    },
    children={
        **{
            "BA41": ("BA41.0", "BA41.1"),
            "CA23": ("CA23.0", "CA23.1"),
            "JB08": ("JB08.1", "JB08.5", "JB08.Y"),
        },
        **{"CA23.0": ("CA23.00", "CA23.01"), "CA23.1": ("CA23.10",), "LA02": ("LA02.0", "LA02.1", "LA02.Z")},
    },
)


def _asked(title: str, stem: str, heading: str = "", taken: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The stems that a query about a code of chapter 9 offers."""
    added = (f"condition={HEART_ATTACK.titles[stem]}",)
    found = query("I21", title, stem, Relationship.SOURCE_BROADER, (), added, HEART_ATTACK, heading, taken)
    return () if found is None else tuple(option.split()[0] for option in found.options)


def test_a_stem_that_says_otherwise_than_the_code_is_no_question() -> None:
    assert _asked("Non-ST elevation (NSTEMI) myocardial infarction", "BA41.1") == ()
    assert _asked("ST elevation (STEMI) myocardial infarction of other sites", "BA41.0") == ()


def test_what_fits_as_well_may_stand_below_the_parents_sibling() -> None:
    assert _asked("Mild asthma with (acute) exacerbation", "CA23.00") == ("CA23.00", "CA23.10")


def test_what_another_code_of_the_category_says_is_asked_of_the_unspecified_code_alone() -> None:
    taken = frozenset({"CA23.10"})
    assert _asked("Mild asthma with (acute) exacerbation", "CA23.00", taken=taken) == ()
    assert _asked("Asthma with exacerbation, unspecified", "CA23.00", taken=taken) == ("CA23.00", "CA23.10")


@pytest.mark.parametrize(
    ("stem", "lost"),
    [("JB08.Y", "absence=compression"), ("LA02.Z", "complication=hydrocephalus")],
    ids=["what the code denies", "a sibling that denies it is no answer"],
)
def test_a_residual_asks_nothing_that_is_denied(stem: str, lost: str) -> None:
    assert query("O69", "Title", stem, Relationship.SOURCE_NARROWER, (lost,), (), HEART_ATTACK) is None


def test_a_prompt_offers_other_and_unable_to_determine_and_names_no_payment() -> None:
    ckd = coded("N1830", PARTIAL, to("GB61.Z", lost=("detail=stage 3 unspecified",)))
    (row,) = prompts(facility({Setting.INPATIENT: {"N1830": 30}}, ckd)).rows
    text = str(row[3])
    assert "stage 3a" in text
    assert "other (please say); unable to determine" in text
    assert not [word for word in ("CC", "MCC", "HCC", "DRG", "pay") if word in text]


def test_entropy_of_choice_is_the_logarithm_of_the_number_of_defensible_targets() -> None:
    four = coded("A01", PARTIAL, *(to(f"1A0{i}", 0.25) for i in range(4)))
    assert entropy_of_choice(four, PLACES) == 2.0
    assert entropy_of_choice(I10, PLACES) == 0.0


def test_a_parent_of_the_target_is_no_rival() -> None:
    covid = coded("U071", FULL, to("RA01.0", 0.917), to("RA01", 0.737))
    assert entropy_of_choice(covid, PLACES) == 0.0


def test_a_choice_within_the_category_is_told_from_a_rival_in_another() -> None:
    near = coded("A01", PARTIAL, to("1A01.0", 0.6), to("1A01.1", 0.5))
    far = coded("A02", PARTIAL, to("1A02", 0.6), to("1B02", 0.5))
    table = entropy(facility({Setting.OFFICE: {"A01": 1, "A02": 3}}, near, far))
    assert cells(table, "choice within the category", "rival in another category")[0] == (0.25, 0.75)


def test_a_rival_below_half_the_confidence_is_not_ambiguous() -> None:
    near, far = (
        coded("A01", PARTIAL, to("X", 0.8), to("Y", 0.4)),
        coded("A02", PARTIAL, to("X", 0.8), to("Y", 0.3)),
    )
    found = ambiguity(facility({Setting.OFFICE: {"A01": 1, "A02": 5}}, near, far))
    assert [row[0] for row in found.rows] == ["A01"]


def test_codes_to_enter_are_averaged_over_diagnoses_that_have_an_expression() -> None:
    pair, none = coded("S01", FULL, to("NA01&XK9K&XJ44E")), coded("Z01", Representation.NONE)
    table = cluster_sizes(facility({Setting.OFFICE: {"I10": 1, "S01": 1, "Z01": 2}}, I10, pair, none))
    assert cells(table, "ICD-11 codes per diagnosis", "none", "one") == [(2.0, 0.5, 0.25)]


def test_the_smallest_cover_takes_the_most_frequent_codes_first() -> None:
    weights = HEART.volumes[Setting.INPATIENT]
    assert [c.key for c, _ in smallest_cover(HEART, weights, 0.8)] == ["I10", "I509"]


HEART_FAILURE = ConditionGroup("Heart failure", ("I50",), ("BD1",))


def test_a_group_is_the_same_two_lists_whatever_else_a_file_holds() -> None:
    hypertensive = coded("I110", FULL, to("BA01/BD1Z"))
    counts = {"I509": 30, "I5033": 10, "I110": 20}
    place = facility({Setting.OFFICE: counts}, I509, I5033, hypertensive)
    found = comparability_ratio(HEART_FAILURE, place, place.volumes[Setting.OFFICE])
    assert found is not None
    assert (found.before, found.main, found.any) == (40, 40, 60)
    assert (found.main_ratio, found.any_ratio) == (1.0, 1.5)


def test_bounds_of_a_ratio_hold_the_doubt_of_a_single_target_and_alternatives_from_elsewhere() -> None:
    sure, other = (
        coded("E110", FULL, to("5A11", 0.8)),
        coded("R739", PARTIAL, to("MA18", 0.5), to("5A11", 0.5)),
    )
    place = facility({Setting.OFFICE: {"E110": 100, "R739": 20}}, sure, other)
    found = comparability_ratio(
        ConditionGroup("Diabetes", ("E11",), ("5A11",)), place, place.volumes[Setting.OFFICE]
    )
    assert found is not None
    assert found.main == 100
    assert [found.low, found.high] == pytest.approx([0.8, 1.1])


def test_a_condition_without_volume_has_no_ratio() -> None:
    assert (
        comparability_ratio(ConditionGroup("None", ("Q",), ("L",)), HEART, HEART.volumes[Setting.INPATIENT])
        is None
    )


def test_different_status_in_one_expression_is_a_lost_split() -> None:
    found = collisions(HEART, HEART.volumes[Setting.INPATIENT], {"I5033": "MCC"})
    assert [(c.target, c.outcome, c.volume, c.at_stake, c.usual) for c in found] == [
        ("BD1Z", LOST, 39, 9, "none")
    ]


def test_different_status_apart_only_by_extension_codes_survives_through_postcoordination() -> None:
    left, right = coded("S01", FULL, to("NA01&XK8G")), coded("S02", FULL, to("NA01&XK9K"))
    place = facility({Setting.INPATIENT: {"S01": 3, "S02": 1}}, left, right)
    found = collisions(place, place.volumes[Setting.INPATIENT], {"S02": "CC"})
    assert [(c.target, c.outcome, c.at_stake) for c in found] == [("NA01", KEPT, 1)]


def test_a_code_no_one_reported_may_still_share_an_expression() -> None:
    shared = Sharing(recommended={"I5033": "BD1Z", "S02": "NA01&XK9K", "I10": "BA00.Z"})
    left = coded("S01", FULL, to("NA01&XK8G"))
    place = facility({Setting.INPATIENT: {"I509": 5, "S01": 3, "I10": 2}}, I509, left, I10, shared=shared)
    weights, status = place.volumes[Setting.INPATIENT], {"I5033": "MCC", "S02": "CC"}
    assert collisions(place, weights, status) == []
    wider = among_all(place, weights, status)
    assert (wider[LOST].codes, wider[LOST].volume) == (1, 5)
    assert (wider[KEPT].codes, wider[KEPT].volume) == (1, 3)
    assert among_all(place, weights, status, {"none": 0.0, "MCC": 0.0, "CC": 1.0})[LOST].codes == 0


def test_the_weight_of_a_status_is_the_mean_step_over_drg_families_split_three_ways() -> None:
    titles = {"A WITH MCC": 3.0, "A WITH CC": 1.5, "A WITHOUT CC/MCC": 1.0, "B WITH MCC": 9.0}
    steps = status_steps(DrgWeight(str(i), "MED", t, w, "t5") for i, (t, w) in enumerate(titles.items()))
    assert steps == {"MCC": 2.0, "CC": 0.5, "none": 0.0}


def test_ms_drg_is_assessed_for_inpatient_stays_alone() -> None:
    place = facility({Setting.OFFICE: {"I509": 5, "I5033": 5}}, I509, I5033)
    summary, _, _ = payment(place, {PaymentScheme.MS_DRG: {"I5033": "MCC"}}, ())
    assert summary.rows == ()


def test_statuses_with_equal_coefficients_stake_nothing() -> None:
    place = facility({Setting.OFFICE: {"I509": 5, "I5033": 9}}, I509, I5033)
    status = {"I509": "37", "I5033": "38"}
    assert collisions(place, place.volumes[Setting.OFFICE], status, {"37": 0.166, "38": 0.166}) == []
    assert len(collisions(place, place.volumes[Setting.OFFICE], status, {"37": 0.166, "38": 0.2})) == 1


def test_gains_and_losses_cancel_in_the_net_weight_and_not_in_the_gross() -> None:
    codes = [coded(k, PARTIAL, to("BD1Z")) for k in ("A01", "A02", "A03")]
    place = facility({Setting.INPATIENT: {"A01": 10, "A02": 4, "A03": 3}}, *codes)
    steps = {"none": 0.0, "CC": 0.5, "MCC": 2.0}
    (found,) = collisions(place, place.volumes[Setting.INPATIENT], {"A01": "CC", "A03": "MCC"}, steps)
    assert (found.usual, found.at_stake) == ("CC", 7)
    assert weight_at_stake(found, steps) == 4 * 0.5 + 3 * 1.5
    assert net_weight(found, steps) == 4 * 0.5 - 3 * 1.5


def test_the_weight_after_the_cap_is_the_one_that_is_paid() -> None:
    rows = [("A WITH MCC", 3.0, 3.5), ("A WITH CC", 1.5, None), ("A WITHOUT CC/MCC", 1.0, None)]
    drgs = [DrgWeight(str(i), "MED", t, w, "t5", c) for i, (t, w, c) in enumerate(rows)]
    assert status_steps(drgs)["MCC"] == 2.5
    assert status_steps(drgs, "SURG") == {}


def test_an_identity_has_a_way_back_and_others_are_named_apart() -> None:
    one_way, pair = coded("E119", FULL, to("5A11")), coded("I5033", FULL, to("BD1Z&XT5R"))
    shared = Sharing({"BA00.Z": 1, "5A11": 1, "BD1Z": 2}, {"BA00.Z": 1, "5A11": 1, "BD1Z": 1, "BD1Z&XT5R": 1})
    counts = {"I10": 4, "E119": 3, "I509": 2, "I5033": 1}
    rows = motifs(facility({Setting.OFFICE: counts}, I10, one_way, I509, pair, shared=shared)).rows
    volume = {row[1:3]: row[4] for row in rows}
    assert volume["stem", Shape.IDENTITY] == 4
    assert volume["stem", Shape.ONE_WAY] == 3
    assert volume["stem", Shape.MERGED] == 3
    assert volume["expression", Shape.ONE_WAY] == 6


def test_convoluted_codes_are_joined_through_stems_that_lead_back_and_bring_their_neighbours() -> None:
    one, two, plain = (coded(k, PARTIAL, to("AA01")) for k in ("A01", "A02", "A03"))
    place = facility({Setting.OFFICE: {"A01": 1, "A02": 2, "A03": 50}}, one, two, plain)
    back = Icd11Places(back={"AA02": "A01", "AA03": "A02"})
    place = replace(place, places=back, shared=Sharing({"AA01": 3}))
    (group,) = convoluted_groups(place)
    assert ([c.key for c in group.codes], group.stems, group.volume) == (
        ["A02", "A01", "A03"],
        ("AA01", "AA02", "AA03"),
        3,
    )


def test_one_code_and_one_stem_are_no_convoluted_group() -> None:
    assert convoluted_groups(HEART) == []


def test_lengths_count_marks_and_second_stems() -> None:
    rows = {
        row[1]: row[2]
        for row in field_lengths(facility({Setting.OFFICE: {"A01": 3, "I10": 1}}, I10, LONG)).rows
    }
    assert rows["longer than 4 characters"] == 4
    assert rows["longer than 7 characters"] == rows["more than one stem"] == 3


LONG = coded("A01", FULL, to("1A00/1B00"))


def test_settings_that_code_the_same_do_not_differ_and_opposite_ones_do() -> None:
    same = facility(
        {Setting.OFFICE: {"I10": 5, "I5033": 5}, Setting.INPATIENT: {"I10": 9, "I5033": 9}}, I10, I5033
    )
    assert [row[2:] for row in settings_compared(same).rows] == [(0.0, 0.0, 0.0, 0.0, 0.0, "too few codes")]
    many = [coded(f"A{i:02}", FULL if i % 2 else PARTIAL, to("BA00.Z")) for i in range(40)]
    apart = facility(
        {
            Setting.INPATIENT: {c.key: 1 for c in many if c.representation is FULL},
            Setting.OFFICE: {c.key: 1 for c in many if c.representation is PARTIAL},
        },
        *many,
    )
    assert settings_compared(apart).rows[0][-1] == "yes"


def test_the_drawn_list_has_as_many_diagnoses_as_the_sample_and_no_code_more_than_it_has() -> None:
    counts = {"I10": 60_000, "I509": 30_000, "I5033": 9_000}
    place = facility({Setting.INPATIENT: counts}, I10, I509, I5033)
    drawn = {str(row[0]): int(row[2] or 0) for row in drawn_list(place).rows}
    assert sum(drawn.values()) == sample_size(90 / 99, 0.03)
    assert drawn["I10"] / sum(drawn.values()) == pytest.approx(60 / 99, abs=0.01)


def test_the_range_of_a_share_holds_full_codes_that_were_not_and_partial_ones_that_were() -> None:
    low, high = kept_range({FULL: 50, PARTIAL: 50})
    full, partial = (rate(REPRESENTATION, kind, WHOLE) for kind in (FULL, PARTIAL))
    assert low == pytest.approx((full[0] + partial[0]) / 2, abs=1e-4)
    assert 0 < low < high < 1
    assert kept_range({Representation.NONE: 3}) == (0.0, 0.0)


def test_a_lost_encounter_is_known_and_not_a_judgement_that_may_be_wrong() -> None:
    lost = error_kind(PARTIAL, ("encounter=initial", "condition=open wound"))
    assert lost != error_kind(PARTIAL, ("condition=open wound",)) == PARTIAL
    assert error_kind(FULL, ()) == FULL
    assert kept_range({lost: 1})[1] < 0.05 < kept_range({PARTIAL: 1})[0]


def test_a_claim_nobody_coded_may_be_wholly_wrong_or_right() -> None:
    assert claim_range("loses patience", 1, 3) == (0.0, 1.0)


def test_a_range_counts_what_the_engine_missed_and_not_what_is_known_to_be_out() -> None:
    missed = claim_range("more than one stem", 0, 100)
    assert missed[0] < 0.02 < missed[1] < 0.05
    assert claim_range("more than one stem", 0, 100, 200)[1] == pytest.approx(missed[1] / 2, abs=1e-4)


def test_ranges_of_all_answers_hold_the_whole() -> None:
    ends = [share_range(REPRESENTATION, {FULL: 3, PARTIAL: 4}, (kind,)) for kind in Representation]
    assert sum(low for low, _ in ends) < 1 < sum(high for _, high in ends)
