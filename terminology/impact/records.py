"""Which codes stand together in a record: what counts by code cannot say."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from terminology.facility import Setting

_SETTINGS = tuple(Setting)


@dataclass(slots=True)
class Records:
    """The codes of claims or stays, by key, the principal diagnosis first; no name, number or day.

    Four bytes a diagnosis and nine a record, so that millions fit into memory.
    """

    _numbers: dict[str, int] = field(default_factory=dict)
    _codes: array[int] = field(default_factory=lambda: array("I"))
    _ends: array[int] = field(default_factory=lambda: array("Q"))
    _settings: bytearray = field(default_factory=bytearray)

    def add(self, setting: Setting, keys: Iterable[str]) -> None:
        """Add a record; a code counts once in it."""
        numbers = self._numbers
        self._codes.extend(numbers.setdefault(key, len(numbers)) for key in dict.fromkeys(keys))
        self._ends.append(len(self._codes))
        self._settings.append(_SETTINGS.index(setting))

    def extend(self, others: Records) -> None:
        """Add the records of another file."""
        for setting, keys in others:
            self.add(setting, keys)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self._ends)

    def __iter__(self) -> Iterator[tuple[Setting, list[str]]]:
        """Yield the setting and the code keys of each record."""
        names = list(self._numbers)
        begin = 0
        for end, setting in zip(self._ends, self._settings, strict=True):
            yield _SETTINGS[setting], [names[number] for number in self._codes[begin:end]]
            begin = end
