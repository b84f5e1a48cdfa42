"""Answers about TenEleven's own crosswalk from ICD-10-CM to ICD-11, and the same read backwards."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from terminology.bundle.concepts.concept_reader import NO_ID
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.life.code_status import Resolution
from terminology.bundle.store import Store
from terminology.cluster import describe, is_cluster, main_stem, parse
from terminology.cluster.model import Group
from terminology.codes import code_key, key_in
from terminology.crosswalk import Crosswalk, Motif, Relationship, Representation, Step, Target
from terminology.crosswalk.record import decode, encode
from terminology.errors import DataNotAvailableError, UnknownCodeError
from terminology.systems import ICD10CM, ICD11

#: Sources of one stem that are read: more than any stem has.
_MOST = 20_000
_TURNED = {
    Relationship.SOURCE_NARROWER: Relationship.SOURCE_BROADER,
    Relationship.SOURCE_BROADER: Relationship.SOURCE_NARROWER,
}


class SourceCode(NamedTuple):
    """An ICD-10-CM code one of whose targets has the stem that was asked for."""

    code: str
    title: str
    rank: int
    expression: str
    relationship: Relationship
    confidence: float


def crosswalk_json(store: Store, code: str, release: str | None = None, on: date | None = None) -> bytes:
    """Return the crosswalk of an ICD-10-CM code as encoded JSON.

    Its source is of the release that was asked for, or is in force on the day, where the code has the title
    there that was mapped; else of the release whose title it is. Raises :class:`UnknownCodeError` for a code
    the release does not hold and :class:`DataNotAvailableError` for a chapter or block, or a bundle without
    ICD-11.
    """
    row = _record_row(store, key_in(ICD10CM.id, code))
    if row is None or not store.in_use(ICD10CM.id, code, release, on):
        concept = store.concept(ICD10CM.id, code, release, on)
        row = _record_row(store, concept.key)
        if concept.id == NO_ID:
            later = ", ".join(each.code for each in store.successors(concept.code))
            remark = f"{concept.notices[0]}; without its title no crosswalk is made of it"
            remark += f"; NCHS's conversion table has {later} in its place" if later else ""
            raise UnknownCodeError(ICD10CM.id, concept.release, concept.code, remark=remark)
    if row is None:
        raise DataNotAvailableError(
            f"{concept.code} is a {concept.kind} and has no crosswalk; ask for its codes"
            if concept.kind in ("chapter", "block")
            else "this bundle holds no crosswalk: it was built without ICD-11 (see 'teneleven info')"
        )
    record = zlib.decompress(row[0])
    wanted = store.release(ICD10CM.id, release, on).release.id
    return record if record.startswith(_source(wanted)) else _of_release(store, record, wanted)


def _source(release: str) -> bytes:
    """How the record of a code mapped by a release begins."""
    return b'{"source":{"system":"%b","release":"%b"' % (ICD10CM.id.encode(), release.encode())


def _of_release(store: Store, record: bytes, release: str) -> bytes:
    """The record with another release as its source, where that has the code under the title mapped."""
    mapped = decode(record)
    try:
        title = store.concept(ICD10CM.id, mapped.source_code, release).title
    except UnknownCodeError:
        return record
    return encode(replace(mapped, source_release=release)) if title == mapped.source_title else record


def _record_row(store: Store, key: str) -> tuple[bytes] | None:
    found: tuple[bytes] | None = store.query("SELECT record FROM crosswalk WHERE key = ?", (key,)).fetchone()
    return found


def crosswalk(store: Store, code: str, release: str | None = None, on: date | None = None) -> Crosswalk:
    """Return the crosswalk of an ICD-10-CM code; raises as :func:`crosswalk_json`."""
    return decode(crosswalk_json(store, code, release, on))


def crosswalks(store: Store) -> Iterator[Crosswalk]:
    """Yield the crosswalk of every category and code, those of the newest release first."""
    for (record,) in store.query("SELECT record FROM crosswalk ORDER BY id"):
        yield decode(zlib.decompress(record))


def recommended_expressions(store: Store, keys: Collection[str]) -> dict[str, str]:
    """Return the recommended expression of each code that has one, by key; ``keys`` limits them."""
    if not keys:
        return {}
    rows = store.query(
        "SELECT c.key, t.expression FROM crosswalk AS c JOIN crosswalk_target AS t ON t.crosswalk_id = c.id "
        "WHERE t.rank = 1 ORDER BY c.id"
    )
    found: dict[str, str] = {}
    for key, expression in rows:
        if key in keys:
            found.setdefault(key, expression)
    return found


def main_stems(store: Store, category: str) -> frozenset[str]:
    """Return the main stems recommended for the codes of a three-character category."""
    rows = store.query(
        "SELECT t.expression FROM crosswalk AS c JOIN crosswalk_target AS t ON t.crosswalk_id = c.id "
        "WHERE t.rank = 1 AND c.key > ? AND c.key < ?",
        (category, f"{category}a"),
    )
    return frozenset(main_stem(expression) for (expression,) in rows)


def representations(store: Store, keys: Collection[str]) -> dict[str, Representation]:
    """Return how much of each code ICD-11 can say, by key; codes without a crosswalk are left out."""
    found: dict[str, Representation] = {}
    for key in keys:
        row = _record_row(store, key)
        if row is not None:
            found[key] = decode(zlib.decompress(row[0])).representation
    return found


def sources_of(store: Store, expression: str, limit: int = 500) -> list[SourceCode]:
    """Return the ICD-10-CM codes one of whose targets has this stem, recommended ones first.

    ``expression`` is a code or a cluster; of a cluster, sources with exactly it come first.
    """
    stem = main_stem(code_key(expression))
    rows = store.query(
        "SELECT c.code, c.record, t.rank, t.expression, t.relationship, t.confidence "
        "FROM crosswalk_target AS t JOIN crosswalk AS c ON c.id = t.crosswalk_id "
        "WHERE t.stem_key = ? ORDER BY t.rank, c.id LIMIT ?",
        (stem, limit),
    )
    found = [
        SourceCode(
            code,
            decode(zlib.decompress(record)).source_title,
            rank,
            target,
            Relationship(relationship),
            confidence,
        )
        for code, record, rank, target, relationship, confidence in rows
    ]
    wanted = code_key(expression)
    return sorted(found, key=lambda row: (row.rank > 1, code_key(row.expression) != wanted))


def sources_of_cluster(store: Store, expression: str, release: str | None = None) -> list[SourceCode]:
    """Return the ICD-10-CM codes one of whose targets has exactly the meaning of a cluster.

    The order of extension codes makes no difference. Raises :class:`ClusterSyntaxError`.
    """
    cluster = parse(expression, cluster_vocabulary(store, release)).normal()
    return [r for r in sources_of(store, str(cluster), _MOST) if parse(r.expression).normal() == cluster]


def reverse_crosswalk(
    store: Store, code: str, release: str | None = None, on: date | None = None
) -> Crosswalk:
    """Return the ICD-10-CM codes that become an ICD-11 code, as a crosswalk.

    Relationships are turned round; a source for which the code is only an alternative ranks after those for
    which it is the recommended target, and one that is not in use on the day (today) after all others: a step
    of its provenance says so. Of a cluster, sources with exactly its meaning count, whatever the
    order of its extension codes. Raises as :meth:`Store.concept`, and :class:`ClusterSyntaxError`.
    """
    day = on or date.today()
    if is_cluster(code):
        return _reverse_of_cluster(store, code, store.release(ICD11.id, release, on).release.id, day)
    source = store.concept(ICD11.id, code, release, on)
    return _reverse(store, source.release, source.code, source.title, sources_of(store, source.code), day)


def _reverse_of_cluster(store: Store, expression: str, release: str, day: date) -> Crosswalk:
    vocabulary = cluster_vocabulary(store, release)
    cluster = parse(expression, vocabulary).normal()
    found = sources_of_cluster(store, expression, release)
    return _reverse(store, release, str(cluster), describe(cluster, vocabulary), found, day)


def _reverse(
    store: Store, release: str, code: str, title: str, found: list[SourceCode], day: date
) -> Crosswalk:
    lives = {row.code: store.resolution(ICD10CM.id, key_in(ICD10CM.id, row.code), day) for row in found}
    found = sorted(found, key=lambda row: not lives[row.code].exists)
    targets = tuple(_reversed(rank, row, lives[row.code]) for rank, row in enumerate(found, 1))
    equivalent = any(t.relationship is Relationship.EQUIVALENT for t in targets)
    shown = Representation.FULL if equivalent else Representation.PARTIAL
    return Crosswalk(
        ICD11.id,
        release,
        code,
        title,
        ICD10CM.id,
        None,
        shown if targets else Representation.NONE,
        _reverse_motif(found),
        targets,
    )


def _reversed(rank: int, row: SourceCode, state: Resolution) -> Target:
    step = Step(
        "reverse",
        f"{row.code} becomes {row.expression} (its target {row.rank})",
        f"TenEleven crosswalk of {row.code}",
    )
    life = () if state.exists else (Step("life", state.message, state.source or ""),)
    return Target(
        rank,
        (Group(row.code),),
        (row.title,),
        _TURNED.get(row.relationship, row.relationship),
        row.confidence,
        provenance=(step, *life),
    )


def _reverse_motif(found: list[SourceCode]) -> Motif:
    first = [row for row in found if row.rank == 1]
    if not found:
        return Motif.NO_MAPPING
    return Motif.IDENTITY if len(first) == len(found) == 1 else Motif.CLASS_TO_SUBCLASS
