"""CodeSystem/$find-matches: the codes that have given properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from web.fhir.asking import Asking
from web.fhir.operations.lookup import asked_system
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs, Outputs, part
from web.fhir.systems.bundle_system import BundleSystem
from web.fhir.systems.system import AskedSystem, Concept, Filter
from web.fhir.valuesets.compose import Entry
from web.fhir.valuesets.text_filter import TextFilter

Json = dict[str, Any]
MOST_MATCHES = 100
#: Properties whose value is a name of the concept, or words of one.
_NAMES = ("display", "designation")


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A property that is looked for, its value as text, and as it was sent."""

    code: str
    value: str
    sent: tuple[str, Any]


class Match(NamedTuple):
    """A code, and what of the properties it has not."""

    code: str
    display: str | None
    unmatched: tuple[Wanted, ...]


def find_matches(asking: Asking, inputs: Inputs) -> Json:
    """Return the codes of a system that have all properties (``exact``), or as many as any code has.

    Names are compared whole when ``exact``, else searched for. With ``compositional`` a property whose value
    is an extension code of ICD-11 may be had by an expression. Raises :class:`FhirError` for a property that
    the system does not declare, and when more than 100 codes match exactly.
    """
    url, exact = inputs.text("system", "url"), inputs.flag("exact")
    wanted = [_wanted(number, each) for number, each in enumerate(inputs.all("property"))]
    if not url or exact is None or not wanted:
        needed = "a system, exact (true or false) and one property or more"
        raise refuse(400, "MISSING_PARAMETER", operation="$find-matches", needed=needed)
    system = asked_system(asking, inputs, url, inputs.text("version"))
    added = [w for w in wanted if _extension(system, w)] if inputs.flag("compositional") else []
    asked = [w for w in wanted if w not in added]
    search = TextFilter(asking, " ".join(w.value for w in asked if w.code in _NAMES))
    found = _found(system, asked, search, exact=exact)
    matches = [_with_extensions(system, match, added) for match in found]
    best = min((len(m.unmatched) for m in matches), default=0)
    listed = [m for m in matches if len(m.unmatched) == best and not (exact and best)]
    if exact and len(listed) > MOST_MATCHES:
        raise refuse(422, "MATCHES_TOO_MANY", "property", count=len(listed), most=MOST_MATCHES)
    return _answer(system, listed, list(search.remarks))


def _wanted(number: int, sent: Any) -> Wanted:
    where = f"property[{number}]"
    value = sent.get("value") if isinstance(sent, dict) else None
    if not isinstance(sent, dict) or not isinstance(sent.get("code"), str) or value in (None, ""):
        reason = "needs the parts code and value"
        raise refuse(400, "INVALID_PARAMETER", where, parameter=where, reason=reason)
    if "subproperty" in sent:
        reason = "has a subproperty; the code systems here have none"
        raise refuse(400, "INVALID_PARAMETER", where, parameter=where, reason=reason)
    if isinstance(value, bool):
        return Wanted(sent["code"], "true" if value else "false", ("Boolean", value))
    if isinstance(value, dict):
        return Wanted(sent["code"], str(value.get("code", "")), ("Coding", value))
    return Wanted(sent["code"], str(value), ("String", str(value)))


def _extension(system: AskedSystem, wanted: Wanted) -> bool:
    found = system.find(wanted.value) if isinstance(system, BundleSystem) else None
    return found is not None and system.values(found, "kind") == ["extension"]


def _found(
    system: AskedSystem, wanted: Sequence[Wanted], search: TextFilter, *, exact: bool
) -> Iterator[Match]:
    """Yield the codes that have all properties; unless ``exact`` all that are found by name, or have any."""
    filters = {w: Filter(w.code, "=", w.value, place="property") for w in wanted if w.code not in _NAMES}
    tests = [(w, system.test(each)) for w, each in filters.items()]
    names = [w.value.casefold() for w in wanted if w.code in _NAMES]
    concepts: Iterable[Concept]
    if names and isinstance(system, BundleSystem):
        concepts = (e.concept for e in search.within(system, system.span(None)))
    elif names:
        concepts = (e.concept for e in search.among([Entry(system, c) for c in system.walk()]))
    else:
        concepts = system.select([*filters.values()]) if exact and filters else system.walk()
    for concept in concepts:
        missing = tuple(w for w, test in tests if not test(concept))
        if exact:
            if not missing and (not names or _names(system, concept).issuperset(names)):
                yield Match(concept.code, concept.display, ())
        elif names or not tests or len(missing) < len(tests):
            yield Match(concept.code, concept.display, missing)


def _names(system: AskedSystem, concept: Concept) -> set[str]:
    whole = system.detail(concept)
    texts = [whole.display, *(d.value for d in whole.designations)]
    return {text.casefold() for text in texts if text}


def _with_extensions(system: AskedSystem, match: Match, added: Sequence[Wanted]) -> Match:
    """Return a match with the extension codes that may stand with it; the others are unmatched."""
    code, display = match.code, match.display
    missing = list(match.unmatched)
    for each in added:
        expression = system.find(f"{code}&{each.value}")
        if expression is None:
            missing.append(each)
        else:
            code, display = expression.code, expression.display
    return Match(code, display, tuple(missing))


def _answer(system: AskedSystem, matches: Sequence[Match], remarks: Sequence[str]) -> Json:
    out = Outputs()
    for number, match in enumerate(matches[:MOST_MATCHES]):
        coding = {
            "system": system.url,
            "version": system.version,
            "code": match.code,
            "display": match.display,
        }
        said = list(remarks) if number == 0 else []
        if number == 0 and len(matches) > MOST_MATCHES:
            said.append(f"{MOST_MATCHES} of {len(matches)} codes that match as well are listed")
        out.add_parts(
            "match",
            part("code", "Coding", {k: v for k, v in coding.items() if v}),
            *({"name": "unmatched", "part": _unmatched(w)} for w in match.unmatched),
            part("comment", "String", "; ".join(said) or None),
        )
    return out.json()


def _unmatched(wanted: Wanted) -> list[Json]:
    kind, value = wanted.sent
    return [{"name": "code", "valueCode": wanted.code}, {"name": "value", f"value{kind}": value}]
