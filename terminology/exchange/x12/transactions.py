"""Which transaction a segment belongs to, and which implementation guide it follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from terminology.errors import InvalidRequestError
from terminology.exchange.x12.segments import Segment

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})
_NAMES = {
    "270": "an eligibility inquiry",
    "271": "an eligibility answer",
    "275": "additional information",
    "276": "a claim status request",
    "277": "a claim status answer",
    "278": "a review of services",
    "820": "a premium payment",
    "834": "an enrolment",
    "835": "a remittance advice",
    "837": "claims",
    "997": "an acknowledgment",
    "999": "an acknowledgment",
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction set: its number (ST01), its guide (ST03, else GS08), and the segment that opens it."""

    number: str
    guide: str
    opening: Segment

    @property
    def name(self) -> str:
        """What the transaction is, in words."""
        return _NAMES.get(self.number, "another transaction")

    def demand(self, number: str, wanted: str) -> None:
        """Raise :class:`InvalidRequestError` in one line unless this is the transaction that is wanted."""
        if self.number != number:
            raise InvalidRequestError(
                "file",
                f"{self.opening.file} is X12 {self.number}, {self.name}: it holds no {wanted}",
            )


def within_transactions(segments: Iterable[Segment]) -> Iterator[tuple[Transaction, Segment]]:
    """Yield each segment inside a transaction set with its transaction; the envelope's own are left out.

    Raises :class:`ReleaseFormatError` when the file ends inside a transaction (it was cut: what it held
    behind that is lost), for a segment outside of any, and for a file without one.
    """
    guide, current, last = "", None, None
    opened = False
    for segment in segments:
        last = segment
        if segment.tag == "GS":
            guide = segment.element(8)
        elif segment.tag == "ST":
            current = Transaction(segment.element(1), segment.element(3) or guide, segment)
            opened = True
        elif segment.tag in ENVELOPE:
            current = None
        elif current is None:
            raise segment.fault(None, "an ISA, GS or ST segment before it", "none")
        else:
            yield current, segment
    if last is not None and (current is not None or not opened):
        raise last.fault(
            None, "an SE segment behind it" if opened else "a transaction", "the end of the file"
        )
