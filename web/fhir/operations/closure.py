"""$closure: a table of what lies below what, built up code by code under a name that the client chooses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from web.closure_tables import MOST_CONCEPTS, ClosureTable, Member, Relation
from web.fhir.asking import Asking
from web.fhir.fhir_release import R4
from web.fhir.operations.lookup import asked_system
from web.fhir.operations.subsumes import find_code
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs
from web.fhir.shape import check_shape
from web.fhir.systems.system import AskedSystem, Concept

Json = dict[str, Any]
MOST_AT_ONCE = 1_000


def closure(asking: Asking, inputs: Inputs) -> Json:
    """Begin a table (``name`` alone), add concepts to it (``concept``), or tell again (``version``).

    Returns a ConceptMap of the relations that are new, or newer than the version; each says that a code lies
    below another, or says the same. Raises :class:`FhirError` for a table that is not kept, or was begun with
    another bundle or another version of a system: it has to be begun again.
    """
    name, codings, since = inputs.text("name"), inputs.all("concept"), inputs.number("version")
    if not name:
        raise refuse(400, "MISSING_PARAMETER", operation="$closure", needed="a name")
    if codings and since is not None:
        reason = "is for being told again, and cannot stand beside concept"
        raise refuse(400, "INVALID_PARAMETER", "version", parameter="version", reason=reason)
    if len(codings) > MOST_AT_ONCE:
        reason = f"is given {len(codings)} times; at most {MOST_AT_ONCE} at once"
        raise refuse(413, "INVALID_PARAMETER", "concept", parameter="concept", reason=reason)
    added = _members(asking, inputs, codings)
    tables = asking.here.closures
    with tables.changing():
        if not codings and since is None:
            table = ClosureTable(name, asking.store.content_hash)
            tables.write(table)
            return _map(asking, table, ())
        table = _usable(asking, tables.read(name), name)
        if since is not None:
            return _map(asking, table, (r for r in table.relations if r.since > since))
        new = _added(table, added)
        tables.write(table)
    return _map(asking, table, new)


def lineage(system: AskedSystem, concept: Concept) -> list[str]:
    """Return what the system itself calls a concept, then the codes of all concepts above it."""
    found: dict[str, None] = {}
    waiting = [system.identity(concept)]
    while waiting:
        code = waiting.pop(0)
        if code not in found:
            found[code] = None
            here = system.find(code)
            waiting += here.parents if here is not None else ()
    return list(found)


def _members(asking: Asking, inputs: Inputs, codings: Iterable[Any]) -> list[Member]:
    found = []
    for number, coding in enumerate(codings):
        where = f"concept[{number}]"
        if not isinstance(coding, dict) or not coding.get("system") or not coding.get("code"):
            reason = "must be a Coding with system and code"
            raise refuse(400, "INVALID_PARAMETER", where, parameter=where, reason=reason)
        check_shape(coding, "Coding")
        system = asked_system(asking, inputs, coding["system"], coding.get("version"))
        concept = find_code(system, coding["code"], where)
        code = concept.normal or concept.code
        found.append(Member(system.url, system.version or "", code, lineage(system, concept)))
    return found


def _usable(asking: Asking, table: ClosureTable | None, name: str) -> ClosureTable:
    if table is None:
        raise refuse(404, "CLOSURE_UNKNOWN", "name", name=name)
    if table.content != asking.store.content_hash:
        raise refuse(422, "CLOSURE_STALE", "name", name=name, reason="the code systems were exchanged since")
    return table


def _added(table: ClosureTable, members: Iterable[Member]) -> list[Relation]:
    """Add members to a table and return the relations that come with them."""
    releases = {m.system: m.release for m in table.members}
    known = {(m.system, m.code) for m in table.members}
    named: dict[tuple[str, str], list[Member]] = {}
    below: dict[tuple[str, str], list[Member]] = {}
    for each in table.members:
        _note(each, named, below)
    version = table.version + 1
    new: list[Relation] = []
    for member in members:
        system, release, code, above = member
        if releases.setdefault(system, release) != release:
            reason = f"it has codes of {system} version {releases[system]}, and these are of {release}"
            raise refuse(422, "CLOSURE_STALE", "concept", name=table.name, reason=reason)
        if (system, code) in known:
            continue
        known.add((system, code))
        new += [
            Relation(version, system, release, each.code, code, False)
            for each in below.get((system, above[0]), ())
        ]
        for ancestor in above:
            same = ancestor == above[0]
            new += [
                Relation(version, system, release, code, e.code, same)
                for e in named.get((system, ancestor), ())
            ]
        _note(member, named, below)
        table.members.append(member)
    if len(table.members) > MOST_CONCEPTS:
        reason = f"would make {len(table.members)} concepts; a table has at most {MOST_CONCEPTS}"
        raise refuse(413, "INVALID_PARAMETER", "concept", parameter="concept", reason=reason)
    table.relations += new
    table.version = version
    return new


def _note(
    member: Member, named: dict[tuple[str, str], list[Member]], below: dict[tuple[str, str], list[Member]]
) -> None:
    """Note a member by what its system calls it, and below each code above it."""
    named.setdefault((member.system, member.lineage[0]), []).append(member)
    for ancestor in member.lineage[1:]:
        below.setdefault((member.system, ancestor), []).append(member)


def _map(asking: Asking, table: ClosureTable, relations: Iterable[Relation]) -> Json:
    found: Json = {
        "resourceType": "ConceptMap",
        "version": str(table.version),
        "name": table.name,
        "status": "active",
        "experimental": True,
        "description": "What lies below what among the concepts of this closure table.",
    }
    groups = list(_groups(asking, relations))
    return {**found, "group": groups} if groups else found


def _groups(asking: Asking, relations: Iterable[Relation]) -> Iterator[Json]:
    by_system: dict[tuple[str, str], dict[str, list[Json]]] = {}
    for relation in relations:
        word = asking.fhir.same if relation.same else asking.fhir.below
        target = {"code": relation.above, asking.fhir.relation_element: word}
        elements = by_system.setdefault((relation.system, relation.release), {})
        elements.setdefault(relation.code, []).append(target)
    for (system, release), elements in by_system.items():
        if asking.fhir is R4:
            ends: Json = {"source": system, "target": system}
            if release:
                ends |= {"sourceVersion": release, "targetVersion": release}
        else:
            whole = f"{system}|{release}" if release else system
            ends = {"source": whole, "target": whole}
        yield {**ends, "element": [{"code": code, "target": targets} for code, targets in elements.items()]}
