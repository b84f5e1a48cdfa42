"""What is wrong with an expression in one ICD-11 release, and where."""

from __future__ import annotations

from terminology.cluster.grammar import resolve, split
from terminology.cluster.model import ClusterReport, Issue, Member, Severity
from terminology.cluster.vocabulary import ClusterVocabulary, uri_id
from terminology.codes import code_key
from terminology.concept import Concept
from terminology.errors import ClusterSyntaxError

_TRADITIONAL = ("26",)
_FUNCTIONING = ("V",)
_SEVERITY = "XS"


def validate(expression: str, vocabulary: ClusterVocabulary) -> ClusterReport:
    """Check an expression against one release and say precisely what is wrong, and where.

    Checked: the grammar; that each code exists and stands where its kind may; repeated extension codes; that
    chapter V stems carry only severity values and chapter 26 stems are not mixed into a diagnosis of
    chapters 01 to 25 unremarked (Reference Guide, parts on chapter V and on traditional medicine); where
    axes are loaded, that extension codes lie on an axis of their stem and required axes are filled.
    """
    try:
        members = split(expression)
    except ClusterSyntaxError as error:
        issue = Issue(Severity.ERROR, "syntax", error.reason, error.position)
        return ClusterReport(expression, None, (issue,))
    issues: list[Issue] = []
    cluster = resolve(members, vocabulary, issues)
    _check_chapters(members, vocabulary, issues)
    missing = _check_axes(members, vocabulary, issues)
    return ClusterReport(
        expression, cluster.normal(), tuple(sorted(issues, key=lambda i: i.position)), missing
    )


def _check_chapters(members: list[list[Member]], vocabulary: ClusterVocabulary, issues: list[Issue]) -> None:
    def chapter(member: Member) -> str:
        concept = vocabulary.find(member)
        return vocabulary.chapters.get(code_key(concept.code), "") if concept else ""

    stems = [(group[0], chapter(group[0])) for group in members]
    diagnoses = [c for _, c in stems if c not in (*_TRADITIONAL, *_FUNCTIONING, "")]
    for (stem, number), group in zip(stems, members, strict=True):
        if number in _FUNCTIONING:
            for member in group[1:]:
                if not code_key(member.text).startswith(_SEVERITY):
                    message = f"functioning code {stem.text} takes only severity values, not {member.text}"
                    issues.append(Issue(Severity.WARNING, "functioning-extension", message, member.position))
            if not diagnoses:
                message = f"{stem.text} describes functioning; it supplements a diagnosis, it is none"
                issues.append(Issue(Severity.WARNING, "functioning-alone", message, stem.position))
        if number in _TRADITIONAL and diagnoses:
            message = f"{stem.text} is of the traditional medicine chapter and is reported beside a diagnosis"
            issues.append(Issue(Severity.WARNING, "traditional-mixed", message, stem.position))


def _check_axes(
    members: list[list[Member]], vocabulary: ClusterVocabulary, issues: list[Issue]
) -> tuple[str, ...]:
    missing: list[str] = []
    linked = [c for c in (vocabulary.find(group[0]) for group in members[1:]) if c is not None]
    for group in members:
        stem = vocabulary.find(group[0])
        if stem is None or not stem.axes:
            continue
        filled: set[str] = set()
        for member in group[1:]:
            concept = vocabulary.find(member)
            if concept is None:
                continue
            axes = [axis.axis for axis in stem.axes if _under(concept, axis.values, vocabulary)]
            filled.update(axes)
            if not axes:
                message = f"{concept.code} lies on no postcoordination axis of {stem.code}"
                issues.append(Issue(Severity.WARNING, "off-axis", message, member.position))
        for other in linked:
            filled.update(a.axis for a in stem.axes if _under(other, a.values, vocabulary))
        missing += [f"{stem.code}: {a.axis}" for a in stem.axes if a.required and a.axis not in filled]
    issues.extend(
        Issue(Severity.WARNING, "incomplete", f"a required axis is not given: {axis}", 0) for axis in missing
    )
    return tuple(missing)


def _under(concept: Concept, roots: tuple[str, ...], vocabulary: ClusterVocabulary) -> bool:
    """Whether a concept is one of an axis's allowed values: a root or a descendant of one."""
    wanted = {uri_id(root) for root in roots}
    at: Concept | None = concept
    for _ in range(40):
        if at is None:
            return False
        if any(uri and uri_id(uri) in wanted for uri in (at.foundation_uri, at.uri)):
            return True
        at = vocabulary.everything.get(at.parent) if at.parent else None
    return False
