"""Postcoordination axes: which an extension code lies on, how many values one takes, which are required."""

from __future__ import annotations

from terminology.cluster.model import Issue, Member, Severity
from terminology.cluster.vocabulary import ClusterVocabulary, uri_id
from terminology.codes import code_key
from terminology.concept import Concept, Kind, PostcoordinationAxis

_ONE, _ONE_PER_BLOCK = "NotAllowed", "AllowedExceptFromSameBlock"
#: Diagnosis code descriptors (present on admission, main condition ...) may stand with any stem (Reference
#: Guide, type 2 extension codes); WHO lists them on no axis.
_DESCRIPTORS = "XY"


def check_axes(
    members: list[list[Member]], vocabulary: ClusterVocabulary, issues: list[Issue]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Note what lies off its stem's axes or crowds one; return required axes left out, and unchecked stems.

    A stem is unchecked when no loaded file states its axes, which is not to have none.
    """
    missing: list[str] = []
    unchecked: list[str] = []
    linked = [c for c in (vocabulary.find(group[0]) for group in members[1:]) if c is not None]
    for group in members:
        stem = vocabulary.find(group[0])
        if stem is None or stem.kind is Kind.EXTENSION:
            continue
        if not stem.axes and code_key(stem.code) not in vocabulary.axes_stated:
            unchecked.append(stem.code)
            continue
        given = [(m, c) for m in group[1:] if (c := vocabulary.find(m)) is not None]
        lying = [(m, c, _axes_with(c, stem, vocabulary)) for m, c in given]
        filled = {axis.axis for _, _, axes in lying for axis in axes}
        filled |= {axis.axis for other in linked for axis in _axes_with(other, stem, vocabulary)}
        for member, concept, axes in lying:
            if not axes:
                issues.append(_off_axis(member, concept, stem, vocabulary))
        _check_crowding(lying, stem, vocabulary, issues)
        missing += [f"{stem.code}: {a.axis}" for a in stem.axes if a.required and a.axis not in filled]
    issues.extend(
        Issue(Severity.WARNING, "incomplete", f"a required axis is not given: {axis}", 0) for axis in missing
    )
    return tuple(missing), tuple(dict.fromkeys(unchecked))


def _axes_with(concept: Concept, stem: Concept, vocabulary: ClusterVocabulary) -> list[PostcoordinationAxis]:
    """Return the axes of a stem that a concept is an allowed value of: a root or a descendant of one."""
    line = vocabulary.line(concept)
    return [axis for axis in stem.axes if line & {uri_id(root) for root in axis.values}]


def _off_axis(member: Member, concept: Concept, stem: Concept, vocabulary: ClusterVocabulary) -> Issue:
    own = sorted({name for i in vocabulary.line(concept) for name in vocabulary.axes_by_root.get(i, ())})
    lies = f"{concept.code} ({', '.join(own)})" if own else concept.code
    has = ", ".join(axis.axis for axis in stem.axes)
    states = f"its axes are {has}" if has else "it has none"
    message = f"{lies} lies on no postcoordination axis of {stem.code}; {states}"
    descriptor = concept.code.startswith(_DESCRIPTORS)
    return Issue(Severity.WARNING if descriptor else Severity.ERROR, "off-axis", message, member.position)


def _check_crowding(
    lying: list[tuple[Member, Concept, list[PostcoordinationAxis]]],
    stem: Concept,
    vocabulary: ClusterVocabulary,
    issues: list[Issue],
) -> None:
    """Note a second value of an axis that takes one (of a block); a code on two axes may be of the other."""
    seen: dict[tuple[str, str], str] = {}
    for member, concept, axes in lying:
        if len(axes) != 1 or axes[0].allow_multiple not in (_ONE, _ONE_PER_BLOCK):
            continue
        axis = axes[0]
        block = vocabulary.block_of(concept) if axis.allow_multiple == _ONE_PER_BLOCK else ""
        first = seen.setdefault((axis.axis, block), concept.code)
        if first != concept.code:
            where = f" of the block {block}" if block else ""
            message = f"the axis {axis.axis} of {stem.code} takes one value{where}; {first} is on it already"
            issues.append(Issue(Severity.ERROR, "axis-crowded", message, member.position))
