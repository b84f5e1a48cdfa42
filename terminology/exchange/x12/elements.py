"""Elements of a segment as what they say: days, amounts, counts. A wrong one is refused with its place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from terminology.exchange.x12.segments import Segment

_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4})?")
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})")
DAY_FORM = "a day as CCYYMMDD"


def day(segment: Segment, position: int, *, secret: bool = False) -> date | None:
    """Return the day of an element (formats D8 and DT of X12's data element 1250), ``None`` when empty.

    A ``secret`` one, a birth date, is not repeated in the error.
    """
    return _day_of(segment.element(position), segment, position, secret)


def period(segment: Segment, position: int) -> tuple[date, date] | None:
    """Return first and last day of an element (RD8, or one day as D8), ``None`` when empty.

    What the element holds counts, not the format named before it: real files name one and use the other.
    """
    first, dash, last = segment.element(position).partition("-")
    begin = _day_of(first.strip(), segment, position, False)
    if begin is None:
        return None
    return begin, (_day_of(last.strip(), segment, position, False) if dash else None) or begin


def amount(segment: Segment, position: int) -> Decimal | None:
    """Return the number of an element, ``None`` when empty."""
    text = segment.element(position)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise segment.fault(position, "a number", repr(text[:20]))
    return Decimal(text)


def counts(segment: Segment, position: int) -> tuple[int, ...]:
    """Return the whole numbers of an element's components; ``1.00``, as some write it, is 1."""
    return tuple(_count(part, segment, position) for part in segment.components(position) if part)


def with_used_separator(segment: Segment, position: int, form: re.Pattern[str]) -> Segment:
    """Return a segment whose components are parted as one of its elements shows.

    Files pasted together from others name one separator in ISA16 and use another. ``form`` is how an element
    that always has components begins; its first group is what parts them.
    """
    element = segment.element(position)
    shown = None if segment.separator in element else form.match(element)
    return segment if shown is None else replace(segment, separator=shown[1])


def _count(text: str, segment: Segment, position: int) -> int:
    if not _NUMBER.fullmatch(text) or Decimal(text) != int(Decimal(text)):
        raise segment.fault(position, "whole numbers", repr(text[:20]))
    return int(Decimal(text))


def _day_of(text: str, segment: Segment, position: int, secret: bool) -> date | None:
    if not text:
        return None
    parts = _DAY.fullmatch(text)
    try:
        if parts is not None and text.isascii():
            return date(*(int(part) for part in parts.groups()))
    except ValueError:
        pass
    raise segment.fault(position, DAY_FORM, "something else" if secret else repr(text[:20]))
