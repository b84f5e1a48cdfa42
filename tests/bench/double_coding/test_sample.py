"""The draw: every family in one stratum, weights that add up, folds by category."""

from __future__ import annotations

from collections import defaultdict

from bench.double_coding.frame import BillableCode, Family
from bench.double_coding.sample import draw, fold_of


def made_up(count: int) -> list[Family]:
    """Families of falling volume in chapters 1, 19 (S and T) and 21, every tenth one new."""
    letters = {"A": "1", "S": "19", "T": "19", "Z": "21"}
    made = []
    for number in range(count):
        letter = "ASTZ"[number % 4]
        code = f"{letter}{number // 10 % 100:02d}.{number}"
        new_in = "2027" if number % 10 == 0 else ""
        made.append(Family((BillableCode(code, "A title", letters[letter], new_in, (count - number) // 2),)))
    return made


def test_all_new_families_are_drawn_with_weight_one() -> None:
    drawn, _ = draw(made_up(1000), 300, 1)
    assert sum(d.stratum == "new" for d in drawn) == 100
    assert {d.weight for d in drawn if d.stratum == "new"} == {1.0}
    assert {d.new_in for d in drawn if d.stratum == "new"} == {"2027"}


def test_size_is_kept_and_weights_add_up_to_the_frame() -> None:
    drawn, strata = draw(made_up(1000), 300, 1)
    assert len(drawn) == len({d.code for d in drawn}) == 300
    assert sum(s.families for s in strata) == 1000
    assert abs(sum(d.weight for d in drawn) - 1000) < 1


def test_rest_is_drawn_by_chapter_with_t_and_z_twice_as_dense() -> None:
    _, strata = draw(made_up(4000), 1000, 1)
    weights = {s.name: s.weight for s in strata}
    for dense in ("rest-T", "rest-21"):
        for plain in ("rest-S", "rest-01"):
            assert 1.8 < weights[plain] / weights[dense] < 2.2


def test_volume_bands_fall() -> None:
    frame = made_up(1000)
    drawn, _ = draw(frame, 300, 1)
    volumes = {f.codes[0].code: f.volume for f in frame}
    bands: dict[str, list[int]] = defaultdict(list)
    for one in drawn:
        bands[one.stratum].append(volumes[one.code])
    assert min(bands["volume-1"]) >= max(bands["volume-2"])
    assert min(bands["volume-2"]) >= max(bands["volume-3"])
    assert min(bands["volume-3"]) >= max(v for name, vs in bands.items() if "rest" in name for v in vs)


def test_same_seed_draws_the_same_and_another_does_not() -> None:
    assert draw(made_up(500), 100, 1) == draw(made_up(500), 100, 1)
    assert draw(made_up(500), 100, 1) != draw(made_up(500), 100, 2)


def test_a_category_lies_in_one_fold_and_both_folds_are_of_use() -> None:
    drawn, _ = draw(made_up(1000), 300, 1)
    folds: dict[str, set[str]] = defaultdict(set)
    for one in drawn:
        folds[one.code[:3]].add(one.fold)
        assert one.fold == fold_of(one.code)
    assert all(len(found) == 1 for found in folds.values())
    assert 0.3 < sum(d.fold == "fit" for d in drawn) / len(drawn) < 0.7


def test_family_is_read_as_its_new_its_first_met_its_most_frequent_code() -> None:
    old = BillableCode("S00.1XXA", "Bruise of right lid, initial encounter", "19", "", 9)
    later = BillableCode("S00.1XXD", "Bruise of right lid, subsequent encounter", "19", "", 99)
    rare = BillableCode("S00.2XXA", "Bruise of left lid, initial encounter", "19", "", 1)
    new = BillableCode("S00.3XXD", "Bruise of both lids, subsequent encounter", "19", "2027", 0)
    assert Family((rare, later, old)).representative is old
    assert Family((old, later, rare, new)).representative is new
