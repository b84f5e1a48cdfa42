"""The rows of the rule tables in this folder that more than one module reads, each table with its type.

They are read by :func:`terminology.rule_tables.read_rules`, which names table, line and column of a wrong
row. ``codes`` is always a pattern on the source code without its dot; ``named`` are the ICD-11 expressions
or extension codes of a row, without which in a release it does nothing (``review.table_rows``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from terminology.rule_tables import read_rules

Row = TypeVar("Row")


class CodedRow(Protocol):
    """A row for the source codes of a pattern, or for any (``None``), that names codes of ICD-11."""

    @property
    def codes(self) -> re.Pattern[str] | None:
        """The pattern of source codes."""

    @property
    def named(self) -> tuple[str, ...]:
        """Expressions or extension codes of ICD-11."""


@dataclass(frozen=True, slots=True)
class ContextRow:
    """A group of codes whose ``expression`` follows from their category, and the axis of its extension."""

    codes: re.Pattern[str]
    expression: str
    axis: str
    dropped: str
    source: str

    @property
    def named(self) -> tuple[str, ...]:
        """The expression."""
        return (self.expression,)


@dataclass(frozen=True, slots=True)
class CompanionRow:
    """A further ``stem`` for titles that a pattern meets, and the words it ``said`` in others."""

    codes: re.Pattern[str]
    title: re.Pattern[str]
    stem: str
    said: str
    source: str

    @property
    def named(self) -> tuple[str, ...]:
        """The stem."""
        return (self.stem,)


@dataclass(frozen=True, slots=True)
class IntentRow:
    """The external cause stems of a group of substances by intent; empty where ICD-11 has none."""

    codes: re.Pattern[str]
    accidental: str
    self_harm: str
    assault: str
    undetermined: str
    source: str

    @property
    def by_intent(self) -> dict[str, str]:
        """The stems there are, by the intent as titles are read."""
        stems = (self.accidental, self.self_harm, self.assault, self.undetermined)
        intents = ("accidental", "self-harm", "assault", "undetermined")
        return {intent: stem for intent, stem in zip(intents, stems, strict=True) if stem}

    @property
    def named(self) -> tuple[str, ...]:
        """The stems."""
        return tuple(self.by_intent.values())


@dataclass(frozen=True, slots=True)
class HarmRow:
    """One part of harm by drugs, devices and infusions: a stem with its extension codes."""

    part: str
    codes: re.Pattern[str]
    title: re.Pattern[str]
    group: str
    said: str
    source: str

    @property
    def named(self) -> tuple[str, ...]:
        """The group."""
        return (self.group,)


@dataclass(frozen=True, slots=True)
class AspectRow:
    """An aspect of an external cause that a title names, and the extension code that says it."""

    aspect: str
    codes: re.Pattern[str]
    title: re.Pattern[str]
    extension: str
    source: str

    @property
    def named(self) -> tuple[str, ...]:
        """The extension code."""
        return (self.extension,)


@dataclass(frozen=True, slots=True)
class MovedRow:
    """Codes that WHO has under another number, which is ``who``."""

    codes: re.Pattern[str]
    who: str
    source: str

    @property
    def named(self) -> tuple[str, ...]:
        """Nothing of ICD-11."""
        return ()


@dataclass(frozen=True, slots=True)
class NameRow:
    """A further ``name`` of an extension code; ``says`` is *all* of it, or *less*."""

    code: str
    name: str
    says: str
    source: str

    @property
    def codes(self) -> None:
        """For any source code."""

    @property
    def named(self) -> tuple[str, ...]:
        """The extension code."""
        return (self.code,)


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """The ``stem`` with which extension codes below ``root`` can stand where WHO names them alone."""

    root: str
    stem: str
    source: str

    @property
    def codes(self) -> None:
        """For any source code."""

    @property
    def named(self) -> tuple[str, ...]:
        """The root and the stem."""
        return (self.root, self.stem)


@dataclass(frozen=True, slots=True)
class AxisRow:
    """The ``axes`` that stems of a chapter or group take, and the words the group says by its ``own``."""

    chapter: str
    axes: tuple[str, ...]
    own: tuple[str, ...]
    source: str


def rows(name: str, row: type[Row]) -> tuple[Row, ...]:
    """Return the rows of the table ``name`` of this folder. Raises :class:`ReleaseFormatError`."""
    return read_rules("terminology.crosswalk.tables", name, row)  # type: ignore[arg-type]  # a type is hashable


contexts = partial(rows, "contexts.tsv", ContextRow)
companions = partial(rows, "companions.tsv", CompanionRow)
intents = partial(rows, "intents.tsv", IntentRow)
harm = partial(rows, "harm.tsv", HarmRow)
external_aspects = partial(rows, "external_aspects.tsv", AspectRow)
moved = partial(rows, "moved.tsv", MovedRow)
extension_names = partial(rows, "extension_names.tsv", NameRow)
carriers = partial(rows, "carriers.tsv", CarrierRow)
axes = partial(rows, "axes.tsv", AxisRow)
