"""What the switch may cost in coders' time: a form of assumptions, and arithmetic on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from terminology.errors import InvalidRequestError
from terminology.exchange.reports.words import shown
from terminology.impact.scenario import Assumptions, PublishedValue, published_values, read_curve
from terminology.impact.scenario import scenario as reckoned
from web.pages.parts.frame import page

FIELDS = (
    ("stays", "Records coded in a year", "20000"),
    ("minutes", "Minutes to code one today", "30"),
    ("wage", "Dollars an hour of a coder", "35"),
    ("coders", "Coders to be trained", "12"),
    ("training_hours", "Hours of training each", "40"),
    ("curve", "Loss of productivity by month, percent", "40, 30, 20, 10"),
    ("dual_coded", "Records coded twice", "1000"),
)
"""Each field with its label and an example of what is entered."""
NEEDED = ("stays", "minutes", "wage")
_WHOLE = ("stays", "coders", "dual_coded")
_FIELD_OF = {"loss": "curve"}

scenario = Blueprint("scenario", __name__)


@scenario.get("/scenario")
def show() -> Response:
    """Answer with the form and, where its first three fields are filled, with the scenario."""
    given = {name: request.args.get(name, "").strip() for name, _, _ in FIELDS}
    filled = all(given[name] for name in NEEDED)
    return page(
        "scenario.html",
        fields=FIELDS,
        needed=NEEDED,
        given=given,
        table=reckoned(_assumed(given)) if filled else None,
        missing=[] if filled or not any(given.values()) else [n for n in NEEDED if not given[n]],
        published=[(value, _taken(value, given)) for value in published_values()],
        shown=shown,
    )


def _assumed(given: dict[str, str]) -> Assumptions:
    numbers: dict[str, Any] = {
        name: _number(name, text) for name, text in given.items() if text and name != "curve"
    }
    return Assumptions(**numbers, curve=read_curve(given["curve"]))


def _number(name: str, text: str) -> float | int:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise InvalidRequestError(name, f"'{text[:40]}' is no number") from None
    if name in _WHOLE and number.is_integer():
        return int(number)
    if name in _WHOLE:
        raise InvalidRequestError(name, f"'{text[:40]}' is no whole number")
    return number


def _taken(value: PublishedValue, given: dict[str, str]) -> str:
    """Return the address of the form with this value entered."""
    field = _FIELD_OF.get(value.input, value.input)
    return "?" + urlencode({**{n: t for n, t in given.items() if t}, field: f"{value.value:g}"})
