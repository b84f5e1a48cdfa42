"""An element of a FHIR resource with its FHIRPath, read as what it should be or refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from terminology.claims.encoding.json_field import JsonField
from terminology.errors import InvalidRequestError

#: Entries of one list: beyond any claim (an institutional 837 has 999 lines), so that a list has an end.
MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class Element:
    """A value and where it stands: ``Claim.item[2].quantity``. What is not asked for is not looked at."""

    path: str
    value: Any

    def __bool__(self) -> bool:
        return self.value is not None

    def child(self, name: str) -> Element:
        """Return the element below this one with a name; its value is ``None`` where there is none."""
        if self.value is None:
            return Element(f"{self.path}.{name}", None)
        if not isinstance(self.value, dict):
            raise self._field.fault("an object")
        return Element(f"{self.path}.{name}", self.value.get(name))

    def children(self, name: str) -> tuple[Element, ...]:
        """Return the elements of a list below this one, numbered from 0 as FHIRPath does."""
        listed = self.child(name)
        if listed.value is None:
            return ()
        if not isinstance(listed.value, list):
            raise listed._field.fault("a list")
        if len(listed.value) > MOST_ENTRIES:
            raise InvalidRequestError(listed.path, f"{len(listed.value):,} entries; at most {MOST_ENTRIES:,}")
        return tuple(Element(f"{listed.path}[{number}]", value) for number, value in enumerate(listed.value))

    def text(self) -> str | None:
        """Return a text, ``None`` where there is none."""
        return self._field.text()

    def number(self) -> float | None:
        """Return a number."""
        return self._field.number()

    def whole(self) -> int | None:
        """Return a whole number."""
        return self._field.whole()

    def day(self) -> date | None:
        """Return the day of a date or dateTime; a year or month alone is no day and is refused."""
        text = self._field.text()
        return None if text is None else JsonField(self.path, text[:10]).day()

    def codings(self) -> tuple[tuple[str, str], ...]:
        """Return system (without version) and code of the codings of a CodeableConcept or a list of them."""
        if isinstance(self.value, list):
            above, _, name = self.path.rpartition(".")
            concepts = Element(above, {name: self.value}).children(name)
            return tuple(coding for concept in concepts for coding in concept.codings())
        found = []
        for coding in self.children("coding"):
            code = coding.child("code").text()
            if code is not None:
                found.append(((coding.child("system").text() or "").partition("|")[0], code))
        return tuple(found)

    def fault(self, reason: str) -> InvalidRequestError:
        """Return the error that names this element."""
        return InvalidRequestError(self.path, reason)

    @property
    def _field(self) -> JsonField:
        return JsonField(self.path, self.value)
