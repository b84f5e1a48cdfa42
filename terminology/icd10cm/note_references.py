"""The codes that an instructional note of ICD-10-CM names: one, several, ranges, and codes of a certain form.

The Tabular List prints them as ``(E11.9)``, ``(C01-C18)``, ``(E08.-, E13.-)``, ``(T36-T50 with fifth or sixth
character 5)``, ``(E08-E13 with .52)``, in sentences ("conditions in A80-B09, except B08") and by chapter
(``(Chapter 20)``). A code stands for everything below it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from terminology.codes import code_key
from terminology.concept import NoteKind

ABOVE = "~"
"""Sorts after every character of a key: a key and all below it lie from the key to the key with this."""

_CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![0-9A-Za-z])"
_NAMED = rf"{_CODE}(?:\.?-*\s*(?:-|–|\bto\b)\s*-*{_CODE})?\.?-*"
_RUN = re.compile(rf"{_NAMED}(?:\s*(?:[,;/&]|,?\s*\b(?:and|or)\b)+\s*{_NAMED})*")
_ONE = re.compile(rf"(?P<first>{_CODE})(?:\.?-*\s*(?:-|–|\bto\b)\s*-*(?P<last>{_CODE}))?")
_CUE = re.compile(
    r"\b(?:in|from|to|under|see|as|with|for|of|than|both|code|codes|category|categories|subcategory|"
    r"subcategories|condition|conditions|except|i\.e\.)[\s,:]*\(?$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"(?:\bexcept\b|\bnot included)(?:\s+(?:those|as|for|in|codes?))*\s*\(?$", re.IGNORECASE)
_POSITIONS = {
    "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "six": 6, "6th": 6, "seventh": 7, "7th": 7,
}  # fmt: skip
_PLACE = "|".join(_POSITIONS)
_AT = re.compile(
    rf"[\s.,]*with\s+(?P<at>(?:{_PLACE})(?:\s+or\s+(?:{_PLACE}))*)\s+characters?\s+(?P<values>[0-9A-Z]"
    r"(?:\s*(?:-|,|or)\s*[0-9A-Z])*)(?![0-9A-Za-z])"
)
_ENDS = re.compile(
    r"[\s.,]*with\s+(?:final\s+characters?\s+)?(?P<values>[.-]\w+(?:[\s.,-]+(?:or\s+)?[.-]?\w+)*)"
)
_CHAPTER = re.compile(r"\bChapter (?P<number>\d{1,2})\b", re.IGNORECASE)
_CHAPTERS = {
    1: ("A00", "B99"), 2: ("C00", "D49"), 3: ("D50", "D89"), 4: ("E00", "E89"), 5: ("F01", "F99"),
    6: ("G00", "G99"), 7: ("H00", "H59"), 8: ("H60", "H95"), 9: ("I00", "I99"), 10: ("J00", "J99"),
    11: ("K00", "K95"), 12: ("L00", "L99"), 13: ("M00", "M99"), 14: ("N00", "N99"), 15: ("O00", "O9A"),
    16: ("P00", "P96"), 17: ("Q00", "Q99"), 18: ("R00", "R99"), 19: ("S00", "T88"), 20: ("V00", "Y99"),
    21: ("Z00", "Z99"), 22: ("U00", "U85"),
}  # fmt: skip
"""The chapters by number, as the contents of the Tabular List has them."""
_ASKS = (NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO)
"""Notes that ask for a code; elsewhere "in Chapter 1" tells where a thing is classified."""
_VALUE = re.compile(r"([.-]?)(\d+)(?:\s*-\s*[.-]?(\d+))?")


@dataclass(frozen=True, slots=True)
class NamedCodes:
    """The codes from ``first`` to ``last`` (keys; ``last`` with what lies below it) that a note names.

    ``form`` is a regular expression that their keys match from the beginning, ``None`` for all of them.
    ``excepted``: the note names them as not meant.
    """

    first: str
    last: str
    form: str | None = None
    excepted: bool = False

    def covers(self, key: str) -> bool:
        """Return whether a code is one of these."""
        if not self.first <= key <= self.last + ABOVE:
            return False
        return self.form is None or _form(self.form).match(key) is not None


def named_codes(text: str, kind: str, known: Container[str]) -> tuple[NamedCodes, ...]:
    """Return the codes that a note's text names, as they stand; ``known`` are the keys of its release.

    Codes in brackets are what a note names; those outside them count only where no brackets hold any, and
    then after a word that leads to a code ("conditions in A15-A19"): a name such as "LGMD R12" is no code.
    """
    named = list(_named(text, kind, known))
    in_brackets = [found for found, bracketed in named if bracketed]
    chapters = [
        NamedCodes(*_CHAPTERS[int(one["number"])])
        for one in _CHAPTER.finditer(text if kind in _ASKS else "")
        if int(one["number"]) in _CHAPTERS
    ]
    return (*(in_brackets or [found for found, _ in named]), *chapters)


def names(codes: tuple[NamedCodes, ...], key: str) -> bool:
    """Return whether the codes of one note are those of a key."""
    hits = [one for one in codes if one.covers(key)]
    return bool(hits) and not any(one.excepted for one in hits)


def _named(text: str, kind: str, known: Container[str]) -> Iterator[tuple[NamedCodes, bool]]:
    led = False
    for run in _RUN.finditer(text):
        before = text[: run.start()]
        bracketed = before.count("(") > before.count(")")
        led = led or _CUE.search(before) is not None
        form, rest = _condition(text[run.end() :])
        at_an_end = not before.strip() or not rest.strip(" .;:")
        if not (bracketed or led or (at_an_end and kind != NoteKind.INCLUSION_TERM)):
            continue
        excepted = _EXCEPT.search(before) is not None
        for one in _ONE.finditer(run[0]):
            first, last = code_key(one["first"]), code_key(one["last"] or one["first"])
            if first <= last and (first in known or (first != last and last in known)):
                yield NamedCodes(first, last, form, excepted), bracketed


def _condition(after: str) -> tuple[str | None, str]:
    """Read "with fifth or sixth character 5", "with .52" or "with final characters -23" as a form of keys.

    What follows it is returned too.
    """
    at = _AT.match(after)
    if at is not None:
        values = "".join(_characters(at["values"]))
        places = sorted({_POSITIONS[word] for word in re.findall(_PLACE, at["at"])})
        return "|".join(f".{{{place - 1}}}[{values}]" for place in places), after[at.end() :]
    ends = _ENDS.match(after)
    if ends is None:
        return None, after
    found = [
        (mark == "-", number)
        for mark, start, end in _VALUE.findall(ends["values"])
        for number in _numbers(start, end)
    ]
    form = "|".join(f".*{number}$" if final else f".{{3}}{number}" for final, number in found)
    return form or None, after[ends.end() :]


def _characters(values: str) -> Iterator[str]:
    """The characters of "5", "1-4", "7 or 8", as they stand in a class of a regular expression."""
    yield from re.sub(r"\s|,|or", "", values)


def _numbers(start: str, end: str) -> list[str]:
    if not end:
        return [start]
    return [str(n).zfill(len(start)) for n in range(int(start), int(end) + 1)]


@lru_cache(maxsize=256)
def _form(form: str) -> re.Pattern[str]:
    return re.compile(form)
