"""Scenarios: arithmetic on what a user enters, with answers reckoned by hand."""

from __future__ import annotations

import orjson
import pytest
from click.testing import CliRunner

from teneleven.command_line import cli
from terminology.errors import InvalidRequestError
from terminology.impact.scenario import Assumptions, published_values, read_curve, scenario
from tests.client import Client

ENTERED = Assumptions(1200, 30, 40, coders=2, training_hours=10, curve=(50, 20), dual_coded=10)
"""100 records of half an hour a month: 50 hours; at half the pace 50 more, at four fifths 12.5 more."""
SENT = {
    "stays": 1200,
    "minutes": 30,
    "wage": 40,
    "coders": 2,
    "training_hours": 10,
    "curve": [50, 20],
    "dual_coded": 10,
}


def test_hours_and_dollars_of_each_part_and_their_sum() -> None:
    assert [row[:3] for row in scenario(ENTERED).rows] == [
        ("training", 20, 800),
        ("slower coding, month 1", 50, 2000),
        ("slower coding, month 2", 12, 500),
        ("slower coding, all months", 62, 2500),
        ("dual coding", 10, 400),
        ("in all", 92, 3700),
    ]


def test_nothing_entered_beyond_the_first_three_costs_nothing() -> None:
    assert scenario(Assumptions(1200, 30, 40)).rows[-1][1:3] == (0, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("stays", -1), ("wage", -2.0), ("curve", (100,)), ("curve", (-1,)), ("curve", (1,) * 61)],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidRequestError, match=name):
        Assumptions(**{"stays": 1, "minutes": 1, "wage": 1, name: value})  # type: ignore[arg-type]


def test_a_curve_that_is_no_numbers_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="curve"):
        read_curve("half")


def test_every_published_value_has_a_source_and_a_caveat() -> None:
    assert all(value.source and value.caveat for value in published_values())


def test_command_api_and_page_reckon_the_same(client: Client) -> None:
    rows = [list(row) for row in scenario(ENTERED).rows]
    options = (
        "--stays 1200 --minutes 30 --wage 40 --coders 2 --training-hours 10 --curve 50,20 --dual-coded 10"
    )
    done = CliRunner().invoke(cli, ["scenario", *options.split(), "--json"])
    assert orjson.loads(done.output)["rows"] == rows
    answer = client.post("/api/v1/scenario", json=SENT)
    assert answer.get_json()["scenario"]["rows"] == rows
    page = client.get("/scenario", query_string={**SENT, "curve": "50, 20"}).text
    assert "92 hours, 3,700 dollars in all" in page


def test_the_page_offers_values_and_keeps_what_was_entered(client: Client) -> None:
    page = client.get("/scenario?stays=1200").text
    assert "Still to be entered: minutes, dollars an hour." in page
    assert "stays=1200&amp;minutes=9.9" in page
    assert "But: " in page


def test_the_command_says_what_is_missing() -> None:
    done = CliRunner().invoke(cli, ["scenario", "--stays", "3"])
    assert done.exit_code == 2
    assert "--minutes, --wage" in done.output
