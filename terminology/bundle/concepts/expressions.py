"""ICD-11 expressions asked for as if they were codes: below their first stem, with the notes of their codes.

No release lists an expression. What is said of one follows from its codes (WHO, ICD-11 Reference Guide, on
postcoordination: a cluster says more precisely what its stem says), and a notice says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from terminology.bundle.concepts.concept_reader import NO_ID
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.life.code_status import CodeStatus, Resolution
from terminology.bundle.life.period import Period
from terminology.bundle.records import ConceptRecord, InheritedNote, Summary
from terminology.bundle.store_face import StoreFace
from terminology.cluster import Cluster, ClusterReport, ClusterVocabulary, Severity, describe, validate
from terminology.codes import code_key, read_code
from terminology.concept import NO_PROPERTIES, Kind
from terminology.errors import ClusterSyntaxError
from terminology.systems import ICD11

_NO_ENTRY = "an expression of ICD-11 codes; no release lists it: place and notes are those of its codes"


def concept_of_expression(
    store: StoreFace, text: str, release: str | None = None, on: date | None = None
) -> ConceptRecord:
    """Return a valid expression as a concept of kind ``cluster`` below its first stem.

    Its code is the normal form, its title the wording of its titles; its id is
    :data:`~terminology.bundle.concepts.concept_reader.NO_ID`. Notes of all its codes are inherited.
    Raises :class:`ClusterSyntaxError` at the first error, :class:`UnknownReleaseError`.
    """
    vocabulary = cluster_vocabulary(store, store.release(ICD11.id, release, on).release.id)
    report = validate(read_code(text).text, vocabulary)
    for issue in report.issues:
        if issue.severity is Severity.ERROR:
            raise ClusterSyntaxError(text, issue.position, issue.message)
    cluster = _parsed(report)
    members = [store.concept(ICD11.id, code, vocabulary.release) for code in cluster.members]
    stem, title = members[0], describe(cluster, vocabulary)
    return replace(
        stem,
        id=NO_ID,
        key=code_key(str(cluster)),
        code=str(cluster),
        title=title,
        kind=Kind.CLUSTER.value,
        path=(*stem.path, Summary(stem.code, stem.title, stem.kind, stem.billable, stem.children_count)),
        children_count=0,
        descendants_count=0,
        notes={},
        synonyms=(),
        uri=None,
        foundation_uri=None,
        properties=NO_PROPERTIES,
        releases=tuple(r for r in stem.releases if all(r in member.releases for member in members)),
        inherited_notes=tuple(dict.fromkeys(_notes(members))),
        life=_shared_life(members, title),
        notices=(_NO_ENTRY, *_remarks(report, vocabulary)),
        day=None if release is not None else on or date.today(),
    )


def resolve_expression(store: StoreFace, text: str, day: date) -> Resolution:
    """Return what an expression is on a day: existing where the release of the day makes it valid."""
    try:
        concept = concept_of_expression(store, text, on=day)
    except ClusterSyntaxError as fault:
        reason = f"position {fault.position}: {fault.reason}"
        message = f"'{text.strip()}' is not a valid ICD-11 expression, {reason}"
        return _resolution(text.strip(), day, CodeStatus.UNKNOWN, message)
    message = "; ".join((f"{concept.code} is valid on {day}", *concept.notices[1:]))
    return replace(
        _resolution(concept.code, day, CodeStatus.EXISTING, message),
        title=concept.title,
        begins=concept.valid_from,
        ended=concept.valid_to,
        last_release=concept.releases[-1] if concept.releases else None,
        source=concept.life[0].source if concept.life else None,
    )


def _resolution(code: str, day: date, status: CodeStatus, message: str) -> Resolution:
    return Resolution(
        system=ICD11.id,
        code=code,
        on=day.isoformat(),
        status=status,
        title=None,
        billable=None,
        begins=None,
        ended=None,
        last_release=None,
        successors=(),
        heading=None,
        message=message,
        source=None,
    )


def _parsed(report: ClusterReport) -> Cluster:
    """The normal form of a report without errors."""
    if report.parsed is None:
        raise ClusterSyntaxError(report.expression, 0, "the expression is not valid")
    return report.parsed


def _notes(members: Iterable[ConceptRecord]) -> Iterator[InheritedNote]:
    """The notes of each code of an expression, then those it inherits."""
    for member in members:
        for kind, texts in member.notes.items():
            yield from (InheritedNote(member.code, kind, text) for text in texts)
        yield from member.inherited_notes


def _shared_life(members: Iterable[ConceptRecord], title: str) -> tuple[Period, ...]:
    """The days on which every code of an expression existed; none where there are no such days."""
    lives = [member.life for member in members]
    if not all(lives):
        return ()
    begun = max((life[0] for life in lives), key=lambda period: period.start)
    ended = min((life[-1] for life in lives), key=lambda period: period.end or date.max)
    if ended.end is not None and ended.end < begun.start:
        return ()
    return (replace(begun, end=ended.end, latest=ended.latest, title=title),)


def _remarks(report: ClusterReport, vocabulary: ClusterVocabulary) -> Iterator[str]:
    """What is to be said of a valid expression: warnings, what was not checked, the one code for it."""
    yield from (issue.message for issue in report.issues)
    if report.unchecked_stems:
        yield f"no loaded file states the axes of {', '.join(report.unchecked_stems)}: not checked"
    if report.precoordinated:
        single = vocabulary.concepts[code_key(report.precoordinated)]
        yield f"{single.code} {single.title} says the same in one code, by its title"
