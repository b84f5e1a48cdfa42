"""The fit of the weights that rank candidates, on choices made by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.fit.choice_model import Choice, fit, is_right
from bench.fit.weights_fit import held_out, load, merit, save, shares, table
from terminology.crosswalk.candidates.weights import Weight, weight_rows, weights
from terminology.rule_tables import parse_rules


def choice(code: str, rows: list[list[float]], right: int, part: str = "codings") -> Choice:
    return Choice(code, part, np.array(rows, dtype=float), np.arange(len(rows)) == right)


# The second feature tells the right one, the first misleads.
MISLED = [choice(f"A{n:02d}", [[1.0, 0.0], [0.8, 1.0]], 1) for n in range(20)]


def test_a_feature_of_the_right_ones_gains_weight() -> None:
    prior = np.array([1.0, 0.15])
    assert not any(is_right(c, prior) for c in MISLED)
    fitted = fit(MISLED, prior, ridge=1.0)
    assert fitted[1] > prior[1]
    assert all(is_right(c, fitted) for c in MISLED)


def test_a_strong_ridge_keeps_the_prior() -> None:
    prior = np.array([1.0, 0.15])
    assert fit(MISLED, prior, ridge=1e6) == pytest.approx(prior, abs=1e-3)


def test_a_feature_no_choice_has_keeps_its_weight() -> None:
    wider = [Choice(c.code, c.part, np.hstack([c.features, np.zeros((2, 1))]), c.right) for c in MISLED]
    assert fit(wider, np.array([1.0, 0.15, 0.7]), ridge=1.0)[2] == pytest.approx(0.7)


def test_what_sets_a_part_apart_is_learned_beside_the_weights() -> None:
    apart = [choice(c.code, c.features.tolist(), 1, "withheld") for c in MISLED]
    prior = np.array([1.0, 0.15])
    alone = fit(apart, prior, 1.0)
    beside = fit(apart, prior, 1.0, "withheld", (1,))
    assert prior[1] < beside[1] < alone[1]


def test_held_out_figures_count_every_choice_once() -> None:
    judged = held_out(MISLED[:10], np.array([1.0, 0.15]), 1.0)
    assert sorted(c.code for c, _ in judged) == sorted(c.code for c in MISLED[:10])
    assert shares(judged)["codings"][0] == 10
    assert merit(judged) == pytest.approx(shares(judged)["codings"][1])


def test_choices_are_kept_and_read_again(tmp_path: Path) -> None:
    features = [[float(place)] * len(weights()) for place in range(3)]
    made = [choice("A00.0", features, 1), choice("B00", features[:2], 0, "withheld")]
    save(tmp_path / "kept.npz", made)
    again = load(tmp_path / "kept.npz")
    assert [(c.code, c.part, c.right.tolist()) for c in again] == [
        ("A00.0", "codings", [False, True, False]),
        ("B00", "withheld", [True, False]),
    ]
    assert np.array_equal(again[0].features, made[0].features)


def test_the_table_a_fit_writes_is_read_again() -> None:
    fitted = np.array([row.prior + 0.5 for row in weight_rows()])
    text = table(fitted, ["Made by a test."])
    again = list(parse_rules(text, "weights.tsv", Weight))
    assert [row.feature for row in again] == [row.feature for row in weight_rows()]
    assert [row.weight for row in again] == pytest.approx(fitted, abs=1e-3)


def test_the_shipped_table_says_what_made_it_and_keeps_near_its_priors() -> None:
    path = Path(__file__).parents[3] / "terminology/crosswalk/tables/weights.tsv"
    assert "# Made by bench.fit.weights_fit --write" in path.read_text(encoding="utf-8")
    assert all(abs(row.weight - row.prior) < 0.5 for row in weight_rows())
