"""How long an ICD-11 expression is: codes to enter, characters of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from terminology.impact.coded import Facility, mapped
from terminology.impact.measures.error_range import Range, claim_range, part_range, share_range
from terminology.impact.table import Chart, Column, Table, Value, counted, measured, share

SIZES = {1: "one", 2: "two", 3: "three", 4: "four or more"}
"""Members of an expression, in words; the last is for all larger ones."""
_MOST = 4
ENTERED = "codes to enter"
"""The claim of how many members an expression has, as it stands among the measured errors."""
_LONGEST = 6
"""Members of the longest expression that a coder gave."""
WIDTHS = (4, 7, 8, 10, 12, 15, 20, 30)
"""Characters of fields that hold a diagnosis today: 7 in ICD-10-CM without its dot, 30 in X12 HI."""


def members(expression: str) -> int:
    """Return how many codes an expression has.

    >>> members("NC32.5&XK9K/PA60")
    3
    """
    return 1 + expression.count("&") + expression.count("/")


def claimed_size(size: int) -> str:
    """Return the size of an expression as it stands among the measured errors.

    >>> claimed_size(1), claimed_size(7)
    ('one', 'four or more')
    """
    return SIZES[min(size, _MOST)]


def needs(expression: str) -> dict[str, bool]:
    """Return what a field must hold for an expression, by name.

    >>> [name for name, needed in needs("8B11.5Z").items() if needed]
    ['longer than 4 characters']
    """
    wide = {f"longer than {width} characters": len(expression) > width for width in WIDTHS}
    return {**wide, "more than one stem": "/" in expression, "an extension code": "&" in expression}


def cluster_sizes(facility: Facility) -> Table:
    """ICD-11 codes to enter per ICD-10-CM code."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        every = mapped(facility, weights)
        sizes: Counter[int] = Counter()
        for coded, count in every:
            sizes[coded.first.size if coded.first else 0] += count
        total = sizes.total()
        placed = total - sizes.pop(0, 0)
        mean = round(sum(size * n for size, n in sizes.items()) / placed, 3) if placed else 0.0
        rows.append(
            (scope, total, mean, *_mean_range(sizes), share(total - placed, total), *_shares(sizes, total))
        )
    return Table(
        "clusters",
        "Codes to enter",
        "How many ICD-11 codes replace one ICD-10-CM code?",
        "Members (stems and extension codes) of the recommended expression; the mean is over diagnoses that "
        "have one. Counts by code cannot show members that two diagnoses of one record would share, so it is "
        "an upper bound per record. Measured: how many members the coder's expression has.",
        (
            Column("scope"),
            Column("volume", "count"),
            *measured("ICD-11 codes per diagnosis", "number"),
            counted("none"),
            *(column for words in SIZES.values() for column in measured(words)),
        ),
        tuple(rows),
    )


def _claimed(sizes: Mapping[int, int]) -> Counter[str]:
    """Volume by what the engine claims of the number of members."""
    claimed: Counter[str] = Counter()
    for size, count in sizes.items():
        claimed[claimed_size(size)] += count
    return claimed


def _shares(sizes: Mapping[int, int], total: int) -> list[float]:
    claimed = _claimed(sizes)
    found: list[float] = []
    for size, words in SIZES.items():
        true = [str(n) for n in (range(size, _LONGEST + 1) if size == _MOST else (size,))]
        found += [share(claimed[words], total), *share_range(ENTERED, claimed, true, total)]
    return found


def _mean_range(sizes: Mapping[int, int]) -> Range:
    """The range of the mean: one, and the share of two or more, of three or more, and so on."""
    claimed = _claimed(sizes)
    total = claimed.total()
    if not total:
        return 0.0, 0.0
    ends = [
        part_range(ENTERED, claimed, [str(n) for n in range(least, _LONGEST + 1)])
        for least in range(2, _LONGEST + 1)
    ]
    low, high = (round(1 + sum(each[end] for each in ends) / total, 3) for end in (0, 1))
    return low, high


def field_lengths(facility: Facility) -> Table:
    """How much of the volume fits into fields of given widths, and what else a field must hold."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        held: Counter[str] = Counter(dict.fromkeys(needs(""), 0))
        total = 0
        for coded, count in mapped(facility, weights):
            if coded.first is not None:
                total += count
                held.update({name: count for name, needed in needs(coded.first.expression).items() if needed})
        rows += [
            (scope, name, n, share(n, total), *claim_range(name, n, total - n)) for name, n in held.items()
        ]
    longest = max((c.first.expression for c in facility.codes.values() if c.first), key=len, default="")
    used = "".join(sorted({ch for c in facility.codes.values() if c.first for ch in c.first.expression}))
    return Table(
        "lengths",
        "Field lengths",
        "Do ICD-11 expressions fit into the fields that hold a diagnosis today?",
        f"Characters of the recommended expression with its marks. Longest: {longest or 'none'} "
        f"({len(longest)} characters). Characters used: {used or 'none'}. Measured: whether the coder's "
        "expression is longer, has a second stem or an extension code.",
        (
            Column("scope"),
            Column("what"),
            Column("volume", "count"),
            *measured("share of volume"),
        ),
        tuple(rows),
        (Chart("Volume that does not fit, all settings", "what", "volume", "all settings"),),
    )
