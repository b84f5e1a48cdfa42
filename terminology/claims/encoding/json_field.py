"""One field of a JSON document with its path, read as what it should be or refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from terminology.errors import InvalidRequestError

#: Characters of one text on a claim: codes have at most 8, an unlisted service's description 80 (SV101-7).
LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class JsonField:
    """A value and where it stands: ``claims[3].lines[2].units``."""

    path: str
    value: Any

    def fault(self, expected: str) -> InvalidRequestError:
        """Return the error that names this field and what should stand in it."""
        return InvalidRequestError(self.path or "claim", f"expected {expected}, found {_shown(self.value)}")

    def member(self, name: str) -> JsonField:
        """Return the field of an object that has this name but is not there."""
        return JsonField(self._at(name), None)

    def members(self, known: Iterable[str]) -> dict[str, JsonField]:
        """Return the fields of an object; an unknown one is an error that names the known ones."""
        if not isinstance(self.value, dict):
            raise self.fault("an object")
        known = list(known)
        for name in self.value:
            if name not in known:
                raise InvalidRequestError(self._at(name), f"no such field; {_meant(str(name), known)}")
        return {name: JsonField(self._at(name), value) for name, value in self.value.items()}

    def items(self, most: int) -> Iterator[JsonField]:
        """Yield the members of a list, numbered from 1 as on a claim form; ``null`` is an empty list."""
        values = [] if self.value is None else self.value
        if not isinstance(values, list):
            raise self.fault("a list")
        if len(values) > most:
            raise InvalidRequestError(self.path, f"{len(values):,} entries; at most {most:,} are read")
        for number, value in enumerate(values, 1):
            yield JsonField(f"{self.path}[{number}]", value)

    def text(self) -> str | None:
        """Return a text without blanks around it, ``None`` for null or an empty one; numbers as written."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, str | int):
            raise self.fault("a text")
        text = str(self.value).strip()
        if len(text) > LONGEST_TEXT:
            raise InvalidRequestError(self.path, f"{len(text):,} characters; at most {LONGEST_TEXT} are read")
        return text or None

    def required_text(self) -> str:
        """Return a text that may not be missing or empty."""
        text = self.text()
        if text is None:
            raise self.fault("a text")
        return text

    def whole(self) -> int | None:
        """Return a whole number, ``None`` for null."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.fault("a whole number")
        return self.value

    def number(self) -> float | None:
        """Return a number, ``None`` for null."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.fault("a number")
        return self.value

    def day(self) -> date | None:
        """Return a day written ``YYYY-MM-DD``, ``None`` for null or an empty text."""
        if self.value is None or self.value == "":
            return None
        try:
            return date.fromisoformat(self.value)
        except (TypeError, ValueError):
            raise self.fault("a day as YYYY-MM-DD") from None

    def _at(self, name: object) -> str:
        return f"{self.path}.{name}" if self.path else str(name)


def _shown(value: object) -> str:
    return "null" if value is None else repr(value)[:60]


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
