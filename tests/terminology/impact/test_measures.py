"""The measures on hand-made codes, with the worked examples of docs/method.md."""

from __future__ import annotations

import pytest

from terminology.crosswalk.model import Motif, Relationship, Representation
from terminology.facility import DrgWeight, PaymentScheme, Setting
from terminology.impact.choice import ambiguity, cluster_sizes, entropy_of_choice, weighted_entropy
from terminology.impact.coded import Coded, Destination, Facility, State
from terminology.impact.comparability import ConditionGroup, comparability_ratio
from terminology.impact.documentation import documentation
from terminology.impact.motifs import convoluted_groups
from terminology.impact.payment import KEPT, LOST, collisions, payment, status_steps
from terminology.impact.representation import accounted, losses, rejected, representation
from terminology.impact.workload import smallest_cover

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


def facility(counts: dict[Setting, dict[str, int]], *codes: Coded) -> Facility:
    known = {c.key: c for c in codes}
    for weights in counts.values():
        for key in weights:
            known.setdefault(key, Coded(key, key, "", "", State.UNKNOWN))
    return Facility(known, counts, "2027")


I10 = coded("I10", FULL, to("BA00.Z"))
I509 = coded("I509", FULL, to("BD1Z"))
I5033 = coded("I5033", PARTIAL, to("BD1Z", lost=("course=acute", "course=chronic")))
HEART = facility({Setting.INPATIENT: {"I10": 60, "I509": 30, "I5033": 9, "ZZZ": 1}}, I10, I509, I5033)


def test_totals_in_are_totals_out_with_unknown_codes_counted() -> None:
    total = [row for row in accounted(HEART).rows if row[1] == "total"]
    assert total == [("all settings", "total", 4, 100, 1.0)]
    assert rejected(HEART).rows == (("ZZZ", "", "unknown", 1),)


def test_representation_shares_are_weighted_by_the_volume_that_has_a_place() -> None:
    rows = {row[1]: row[5] for row in representation(HEART).rows}
    assert rows == {"full": 0.9091, "full-postcoordinated": 0.0, "partial": 0.0909, "none": 0.0}


def test_a_facet_lost_twice_by_one_code_counts_its_volume_once() -> None:
    row = losses(HEART).rows[0]
    assert (*row[:2], *row[3:5]) == ("all settings", "course", 1, 9)


def test_only_a_target_narrower_than_its_source_asks_for_documentation() -> None:
    narrower = to("DB92.Z", added=("detail=Non-alcoholic",), relationship=Relationship.SOURCE_BROADER)
    differing = to("QC90.Y", added=("detail=Other specified",), relationship=Relationship.RELATED)
    fatty, other = coded("K760", PARTIAL, narrower), coded("Z20822", PARTIAL, differing)
    table = documentation(facility({Setting.INPATIENT: {"K760": 30, "Z20822": 70}}, fatty, other))
    assert table.rows == (
        ("all settings", "K76.0", "title K760", "DB92.Z", "Non-alcoholic", 30, 0.3),
        ("all settings", "total", "1 of 2 codes", "", "", 30, 0.3),
    )


def test_entropy_of_choice_is_the_logarithm_of_the_number_of_targets() -> None:
    four = coded("A01", PARTIAL, *(to(f"1A0{i}", 0.25) for i in range(4)))
    assert entropy_of_choice(four) == 2.0
    assert weighted_entropy(four) == pytest.approx(2.0)
    assert entropy_of_choice(I10) == weighted_entropy(I10) == 0.0


def test_a_rival_below_half_the_confidence_is_not_ambiguous() -> None:
    near, far = (
        coded("A01", PARTIAL, to("X", 0.8), to("Y", 0.4)),
        coded("A02", PARTIAL, to("X", 0.8), to("Y", 0.3)),
    )
    found = ambiguity(facility({Setting.OFFICE: {"A01": 1, "A02": 5}}, near, far))
    assert [row[0] for row in found.rows] == ["A01"]


def test_codes_to_enter_are_averaged_over_diagnoses_that_have_an_expression() -> None:
    pair, none = coded("S01", FULL, to("NA01&XK9K&XJ44E")), coded("Z01", Representation.NONE)
    row = cluster_sizes(facility({Setting.OFFICE: {"I10": 1, "S01": 1, "Z01": 2}}, I10, pair, none)).rows[0]
    assert row[2:5] == (2.0, 0.5, 0.25)


def test_the_smallest_cover_takes_the_most_frequent_codes_first() -> None:
    weights = HEART.volumes[Setting.INPATIENT]
    assert [c.key for c, _ in smallest_cover(HEART, weights, 0.8)] == ["I10", "I509"]


def test_comparability_counts_what_joins_the_group_and_widens_with_doubt() -> None:
    sure, other = coded("E110", FULL, to("5A11")), coded("R739", PARTIAL, to("MA18", 0.5), to("5A11", 0.5))
    place = facility({Setting.OFFICE: {"E110": 90, "R739": 20}}, sure, other)
    found = comparability_ratio(ConditionGroup("Diabetes", ("E11",)), place, place.volumes[Setting.OFFICE])
    assert found is not None
    assert (found.before, found.after) == (90, 100.0)
    assert found.high - found.ratio == pytest.approx(1.96 * 10 / 90)


def test_a_condition_without_volume_has_no_ratio() -> None:
    assert (
        comparability_ratio(ConditionGroup("None", ("Q",)), HEART, HEART.volumes[Setting.INPATIENT]) is None
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


def test_the_weight_of_a_status_is_the_mean_step_over_drg_families_split_three_ways() -> None:
    titles = {"A WITH MCC": 3.0, "A WITH CC": 1.5, "A WITHOUT CC/MCC": 1.0, "B WITH MCC": 9.0}
    steps = status_steps(DrgWeight(str(i), "MED", t, w, "t5") for i, (t, w) in enumerate(titles.items()))
    assert steps == {"MCC": 2.0, "CC": 0.5, "none": 0.0}


def test_ms_drg_is_assessed_for_inpatient_stays_alone() -> None:
    place = facility({Setting.OFFICE: {"I509": 5, "I5033": 5}}, I509, I5033)
    summary, _ = payment(place, {PaymentScheme.MS_DRG: {"I5033": "MCC"}}, ())
    assert summary.rows == ()


def test_convoluted_codes_are_joined_through_a_shared_stem_and_bring_their_neighbours() -> None:
    tangled = [coded(k, PARTIAL, to("AA01"), to("AA02"), motif=Motif.CONVOLUTED) for k in ("A01", "A02")]
    plain = coded("A03", PARTIAL, to("AA02"))
    place = facility({Setting.OFFICE: {"A01": 1, "A02": 2, "A03": 50}}, *tangled, plain)
    (group,) = convoluted_groups(place)
    assert ([c.key for c in group.codes], group.stems, group.volume) == (
        ["A02", "A01", "A03"],
        ("AA01", "AA02"),
        3,
    )
