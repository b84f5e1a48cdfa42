"""What is wrong with an expression in one ICD-11 release, and where."""

from __future__ import annotations

from terminology.cluster.axes import check_axes
from terminology.cluster.grammar import resolve, split
from terminology.cluster.model import ClusterReport, Issue, Member, Severity
from terminology.cluster.precoordination import precoordinated
from terminology.cluster.vocabulary import ClusterVocabulary
from terminology.codes import code_key
from terminology.errors import ClusterSyntaxError

_TRADITIONAL = ("26",)
_FUNCTIONING = ("V",)
_SEVERITY = "XS"


def validate(expression: str, vocabulary: ClusterVocabulary) -> ClusterReport:
    """Check an expression against one release and say precisely what is wrong, and where.

    Checked: the grammar; that each code exists and stands where its kind may; repeated extension codes; that
    chapter V stems carry only severity values and chapter 26 stems are not mixed into a diagnosis of
    chapters 01 to 25 unremarked (Reference Guide, parts on chapter V and on traditional medicine); where
    axes are loaded, that extension codes lie on an axis of their stem, no more than it takes, and that
    required axes are filled; stems without known axes are listed as unchecked.
    """
    try:
        members = split(expression)
    except ClusterSyntaxError as error:
        issue = Issue(Severity.ERROR, "syntax", error.reason, error.position)
        return ClusterReport(expression, None, (issue,))
    issues: list[Issue] = []
    cluster = resolve(members, vocabulary, issues)
    _check_chapters(members, vocabulary, issues)
    missing, unchecked = check_axes(members, vocabulary, issues)
    return ClusterReport(
        expression,
        cluster.normal(),
        tuple(sorted(issues, key=lambda i: i.position)),
        missing,
        unchecked,
        precoordinated(cluster.normal(), vocabulary),
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
