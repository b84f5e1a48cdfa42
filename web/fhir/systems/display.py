"""Names of concepts by language: which one to show, and whether a name that was sent is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from web.fhir.outcome import Issue, issue
from web.fhir.systems.supplied_system import standards_status
from web.fhir.systems.system import AskedSystem, Concept, Designation
from web.fhir.valuesets.compose import Entry

_RANGE = re.compile(r"\s*([A-Za-z0-9*][A-Za-z0-9-]*)\s*(?:;\s*q\s*=\s*([\d.]+))?\s*")


@dataclass(frozen=True, slots=True)
class Languages:
    """A list of wanted languages (RFC 9110 ``Accept-Language``), best first; ``text`` as it was sent.

    ``only``: names in other languages are not to be shown (``*;q=0``).
    """

    text: str
    ranges: tuple[str, ...]
    only: bool = False

    @classmethod
    def of(cls, text: str | None) -> Languages | None:
        """Read a list; ``None`` when nothing in particular is wanted."""
        if not text:
            return None
        wanted: list[tuple[float, int, str]] = []
        only = False
        for number, piece in enumerate(text.split(",")):
            found = _RANGE.fullmatch(piece)
            if not found:
                continue
            quality = float(found[2] or 1)
            if found[1] == "*":
                only = only or quality == 0
            elif quality > 0:
                wanted.append((-quality, number, found[1]))
        if not wanted:
            return None
        return cls(text, tuple(r for _, _, r in sorted(wanted)), only)

    def rank(self, language: str | None) -> int | None:
        """Return how early a language is wanted, ``None`` when it is not."""
        if language is None:
            return None
        for number, wanted in enumerate(self.ranges):
            have, want = language.lower(), wanted.lower()
            if have == want or have.startswith(f"{want}-") or want.startswith(f"{have}-"):
                return number
        return None


def names(entry: Entry, concept: Concept) -> list[Designation]:
    """Return all names of a concept, its display first."""
    own = [Designation(concept.display, entry.system.language)] if concept.display else []
    stated = [Designation(entry.display, entry.system.language)] if entry.display else []
    return [*own, *stated, *entry.designations, *concept.designations]


def preferred(entry: Entry, concept: Concept, languages: Languages | None) -> Designation | None:
    """Return the name to show: in the best wanted language, else the display (unless only those will do)."""
    shown = entry.display or concept.display
    default = Designation(shown, entry.system.language) if shown else None
    if languages is None:
        return default
    ranked = []
    for number, name in enumerate(
        [*([default] if default else []), *entry.designations, *concept.designations]
    ):
        rank = languages.rank(name.language)
        if rank is not None:
            ranked.append((rank, number, name))
    if ranked:
        return min(ranked, key=lambda r: r[:2])[2]
    if languages.only and default is not None and default.language is not None:
        return None
    return default


def display_issue(
    entry: Entry,
    concept: Concept,
    given: str,
    languages: Languages | None,
    expression: str,
    *,
    lenient: bool,
) -> Issue | None:
    """Return what is wrong with the display that was sent for a concept, ``None`` when it is right."""
    everything = [n for n in names(entry, concept) if not _outdated(n)]
    if not everything:
        return None
    system = entry.system
    if languages is None:
        allowed = everything
    else:
        allowed = [n for n in everything if n.language is None or languages.rank(n.language) is not None]
    if any(n.value.casefold() == given.casefold() for n in allowed):
        return None
    where = {"system": system.url, "code": concept.code}
    said = languages.text if languages else "--"
    severity = "warning" if lenient else "error"
    for name in names(entry, concept):
        outdated = _outdated(name)
        if outdated and name.value.casefold() == given.casefold():
            valid = ", ".join(dict.fromkeys(f"'{n.value}'" for n in allowed or everything))
            return issue(
                "INACTIVE_DISPLAY_FOUND",
                expression,
                severity=severity,
                display=given,
                status=outdated,
                valid=valid,
                **where,
            )
    if not allowed:
        default = entry.display or concept.display or everything[0].value
        usual = [n.value for n in everything if n.language in (None, system.language)]
        if any(given.casefold() == text.casefold() for text in (default, *usual)):
            return issue(
                "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK",
                expression,
                languages=said,
                display=given,
                **where,
            )
        return issue(
            "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR",
            expression,
            severity=severity,
            languages=said,
            display=given,
            valid=default,
            **where,
        )
    spaced = any(_plain(n.value) == _plain(given) for n in allowed)
    form = "Display_Name_WS_for" if spaced else "Display_Name_for"
    choices = list(dict.fromkeys(_said(system, n) for n in allowed))
    end = "one" if len(choices) == 1 else "other"
    return issue(
        f"{form}__should_be_one_of__instead_of_{end}",
        expression,
        severity=severity,
        display=given,
        valid=_either(choices),
        count=len(choices),
        languages=said,
        **where,
    )


def _outdated(name: Designation) -> str | None:
    """Return the standards status of a designation that is no longer in use."""
    status = standards_status({"extension": name.extensions})
    return status if status in ("withdrawn", "deprecated") else None


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _said(system: AskedSystem, name: Designation) -> str:
    language = name.language or system.language
    return f"'{name.value}' ({language})" if language else f"'{name.value}'"


def _either(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"
