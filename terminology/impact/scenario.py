"""What the switch may cost in coders' time: arithmetic on what a user enters, apart from every finding.

Nothing here comes from a file of volumes, and no value is taken unasked: published values are offered with
their source and what is wrong with them (``published_values.tsv``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from terminology.errors import InvalidRequestError
from terminology.impact.table import Column, Table, Value
from terminology.rule_tables import read_rules

MONTHS = 12
FULL_TIME = 2080 / MONTHS
"""Hours of a full-time coder in a month."""
MOST_MONTHS = 60
_MOST = 1e9


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """A value somebody measured for an input, with its unit, what it is of, source and caveat."""

    input: str
    value: float
    unit: str
    what: str
    source: str
    caveat: str


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a user enters.

    ``stays`` are the records coded in a year, ``minutes`` what one takes today, ``wage`` dollars an hour of
    a coder, ``coders`` those to be trained for ``training_hours`` each. ``curve`` is the loss of productivity
    in each month after the switch, in percent of the records coded an hour; months after its end have none.
    ``dual_coded`` records are coded a second time, at the pace of the first month.
    """

    stays: int
    minutes: float
    wage: float
    coders: int = 0
    training_hours: float = 0.0
    curve: tuple[float, ...] = ()
    dual_coded: int = 0

    def __post_init__(self) -> None:
        """Refuse what is negative or beyond reason; raises :class:`InvalidRequestError` with the name."""
        for name in ("stays", "minutes", "wage", "coders", "training_hours", "dual_coded"):
            if not 0 <= getattr(self, name) <= _MOST:
                raise InvalidRequestError(name, f"a number from 0 to {_MOST:,.0f}")
        if len(self.curve) > MOST_MONTHS:
            raise InvalidRequestError("curve", f"at most {MOST_MONTHS} months")
        if not all(0 <= loss < 100 for loss in self.curve):
            raise InvalidRequestError("curve", "each month is a loss in percent from 0 to below 100")


@cache
def published_values() -> tuple[PublishedValue, ...]:
    """Return the values that are offered."""
    return read_rules("terminology.impact", "published_values.tsv", PublishedValue)


def read_curve(text: str) -> tuple[float, ...]:
    """Return the losses of a curve from text, in percent; raises :class:`InvalidRequestError`.

    >>> read_curve("40, 30%, 20")
    (40.0, 30.0, 20.0)
    """
    cells = [cell.strip().removesuffix("%").strip() for cell in text.replace(";", ",").split(",")]
    try:
        return tuple(float(cell) for cell in cells if cell)
    except ValueError:
        raise InvalidRequestError("curve", "write losses in percent with commas, like 40, 30, 20") from None


def extra_hours(assumed: Assumptions, loss: float) -> float:
    """Return the hours that a month's records take more when productivity is lower by ``loss`` percent.

    >>> extra_hours(Assumptions(stays=1200, minutes=30, wage=30), 50)
    50.0
    """
    return assumed.stays / MONTHS * assumed.minutes / 60 * (1 / (1 - loss / 100) - 1)


def scenario(assumed: Assumptions) -> Table:
    """Return the hours and dollars of training, of each month's slower coding, of dual coding, and in all.

    Hours and dollars are rounded to whole ones; sums are of what is shown.
    """
    months = [extra_hours(assumed, loss) for loss in assumed.curve]
    first = assumed.curve[0] if assumed.curve else 0.0
    twice = assumed.dual_coded * assumed.minutes / 60 / (1 - first / 100)
    worst = max(months, default=0.0) / FULL_TIME
    training = _part(assumed.coders * assumed.training_hours, assumed)
    slower = [_part(hours, assumed) for hours in months]
    dual = _part(twice, assumed)
    rows: list[tuple[Value, ...]] = [
        ("training", *training, f"{assumed.coders:,} coders x {assumed.training_hours:g} hours"),
        *(
            (f"slower coding, month {month}", *part, f"{loss:g} % fewer records an hour")
            for month, (part, loss) in enumerate(zip(slower, assumed.curve, strict=True), 1)
        ),
        ("slower coding, all months", *_sum(slower), f"at worst {worst:.1f} full-time coders more"),
        ("dual coding", *dual, f"{assumed.dual_coded:,} records at the pace of month 1"),
        ("in all", *_sum([training, *slower, dual]), "training, slower coding and dual coding"),
    ]
    return Table(
        "scenario",
        "Scenario",
        "What would the switch cost in coders' time, if what you entered came true?",
        f"Your own assumptions, no finding: {assumed.stays:,} records a year, {assumed.minutes:g} minutes "
        f"each, {assumed.wage:,.2f} dollars an hour. A month's hours are a twelfth of the records times the "
        "minutes times (1 / (1 - loss) - 1); months after the end of the curve have no loss. Software, "
        "physicians' time, denials and delayed payment are not in it.",
        (Column("what"), Column("hours", "count"), Column("dollars", "count"), Column("how")),
        tuple(rows),
    )


def _part(hours: float, assumed: Assumptions) -> tuple[int, int]:
    return round(hours), round(hours * assumed.wage)


def _sum(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(hours for hours, _ in parts), sum(dollars for _, dollars in parts)


def values_table(values: Sequence[PublishedValue]) -> Table:
    """Return the published values as a table, to be read before one is taken."""
    return Table(
        "published",
        "Published values",
        "What did others find?",
        "None of them is of your place, and none is used unless you enter it.",
        (
            Column("input"),
            Column("value", "number"),
            Column("unit"),
            Column("what"),
            Column("source"),
            Column("caveat"),
        ),
        tuple((v.input.replace("_", " "), v.value, v.unit, v.what, v.source, v.caveat) for v in values),
    )
