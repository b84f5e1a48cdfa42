"""ICD-11 expressions: the one parser, validator and normaliser of codes and clusters.

Grammar (WHO, ICD-11 Reference Guide, sections on stem codes, extension codes and postcoordination)::

    cluster = group ("/" group)*
    group   = stem ("&" extension)*

A stem stands for a condition, ``/`` joins further stems to it, ``&`` adds extension codes (chapter X) to the
stem before them. Extension codes are never first and never alone; no member is empty. Members are codes
(any case, with or without their dot, blanks around separators allowed) or WHO URIs, which end at the next
separator. Positions are 0-based character indexes into the text as given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from terminology.codes import code_key, dotted
from terminology.concept import Concept, Kind
from terminology.errors import ClusterSyntaxError
from terminology.systems import ICD11
from terminology.who_uri import leading_who_uri, match_who_uri

_SEPARATORS = "&/"
_NOT_CODE = re.compile(r"[^A-Za-z0-9.]")
_TRADITIONAL = ("26",)
_FUNCTIONING = ("V",)
_SEVERITY = "XS"
_CODED = (Kind.STEM, Kind.EXTENSION)


class Severity(StrEnum):
    """How grave an issue is: only errors make an expression invalid."""

    ERROR = "error"
    WARNING = "warning"


class MemberRole(StrEnum):
    """What a member is in its cluster."""

    STEM = "stem"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with an expression. ``code`` is a stable name for it, ``position`` where it begins."""

    severity: Severity
    code: str
    message: str
    position: int


@dataclass(frozen=True, slots=True)
class Member:
    """One member as written: ``text`` at ``position``; ``uri_id`` is its WHO id when it is a URI."""

    text: str
    position: int
    uri_id: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One stem with its extension codes (codes with their dot)."""

    stem: str
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "&".join((self.stem, *self.extensions))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A parsed expression.

    >>> str(Cluster((Group("5A11"), Group("GB61.Z"))))
    '5A11/GB61.Z'
    """

    groups: tuple[Group, ...]

    def __str__(self) -> str:
        return "/".join(str(group) for group in self.groups)

    @property
    def stem(self) -> str:
        """The first stem: what the cluster is about."""
        return self.groups[0].stem

    @property
    def members(self) -> tuple[str, ...]:
        """All codes in the order they are written."""
        return tuple(code for group in self.groups for code in (group.stem, *group.extensions))

    def normal(self) -> Cluster:
        """The same meaning in one form: each group's extensions once, in code order; repeated groups once."""
        groups = dict.fromkeys(Group(g.stem, tuple(sorted(set(g.extensions)))) for g in self.groups)
        return Cluster(tuple(groups))


@dataclass(frozen=True, slots=True)
class ClusterReport:
    """The outcome of validation. ``parsed`` is the normal form, absent when the grammar is broken."""

    expression: str
    parsed: Cluster | None
    issues: tuple[Issue, ...]
    missing_axes: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """No error: the grammar holds and every code exists in the release."""
        return all(issue.severity is not Severity.ERROR for issue in self.issues)

    @property
    def complete(self) -> bool:
        """Valid, and no required postcoordination axis is left out (as far as axes are loaded)."""
        return self.valid and not self.missing_axes


def uri_id(uri: str) -> str | None:
    """Return what identifies an ICD-11 entity across releases: the id of its URI, with a residual's suffix.

    >>> uri_id("http://id.who.int/icd/release/11/2024-01/mms/1435254666/unspecified")
    '1435254666/unspecified'
    """
    found = match_who_uri(uri)
    return found.path if found else None


@dataclass(frozen=True)
class ClusterVocabulary:
    """The codes of one ICD-11 release, as the grammar needs them."""

    release: str
    concepts: Dictionary[str, Concept]
    chapters: Dictionary[str, str] = field(default_factory=dict)
    everything: Dictionary[str, Concept] = field(default_factory=dict)

    @classmethod
    def of(cls, release: str, concepts: Iterable[Concept]) -> ClusterVocabulary:
        """Gather the stems and extension codes of a release, each with its chapter's number."""
        everything = {c.code: c for c in concepts}
        coded = {code_key(c.code): c for c in everything.values() if c.kind in _CODED}
        chapters: dict[str, str] = {}
        for key, concept in coded.items():
            at, seen = concept, 0
            while at.parent is not None and at.parent in everything and seen < 40:
                at, seen = everything[at.parent], seen + 1
            chapters[key] = at.code
        return cls(release, coded, chapters, everything)

    @cached_property
    def by_uri(self) -> Dictionary[str, Concept]:
        """Concepts by the id of their linearization or foundation URI."""
        found: dict[str, Concept] = {}
        for concept in self.concepts.values():
            for uri in (concept.foundation_uri, concept.uri):
                known = uri_id(uri) if uri else None
                if known:
                    found[known] = concept
        return found

    def find(self, member: Member) -> Concept | None:
        """Return the concept a member names, if this release has it."""
        if member.uri_id is not None:
            return self.by_uri.get(member.uri_id)
        return self.concepts.get(code_key(member.text))


def split(expression: str) -> list[list[Member]]:
    """Split an expression into groups of members; raise :class:`ClusterSyntaxError` where the grammar breaks.

    Only what can be seen without a release is checked: empty members, blanks inside, extension codes first.
    """
    groups: list[list[Member]] = [[]]
    at = _skip(expression, 0)
    while True:
        member, at = _member(expression, at)
        if not groups[-1] and member.uri_id is None and member.text[0] in "Xx":
            what = f"extension code {member.text.upper()} cannot stand first; a stem code must precede it"
            raise ClusterSyntaxError(expression, member.position, what)
        groups[-1].append(member)
        at = _skip(expression, at)
        if at >= len(expression):
            return groups
        if expression[at] not in _SEPARATORS:
            raise ClusterSyntaxError(expression, at, "expected '&', '/' or the end after a member")
        if expression[at] == "/":
            groups.append([])
        at = _skip(expression, at + 1)


def _skip(expression: str, at: int) -> int:
    while at < len(expression) and expression[at].isspace():
        at += 1
    return at


def _member(expression: str, start: int) -> tuple[Member, int]:
    """Read one member and return it with the place behind it."""
    named = leading_who_uri(expression, start)
    if named is not None:
        uri, end = named
        return Member(expression[start:end], start, uri.path), end
    end = start
    while end < len(expression) and expression[end] not in _SEPARATORS:
        end += 1
    text = expression[start:end].rstrip()
    if not text:
        what = "the expression is empty" if not expression.strip() else "a member is missing here"
        raise ClusterSyntaxError(expression, min(start, max(len(expression) - 1, 0)), what)
    bad = _NOT_CODE.search(text)
    if bad:
        what = "members are joined by '&' or '/', not by a blank"
        if not bad.group().isspace():
            what = f"'{bad.group()}' cannot be part of a code or WHO URI"
        raise ClusterSyntaxError(expression, start + bad.start(), what)
    if not code_key(text):
        raise ClusterSyntaxError(expression, start, "a member is missing here")
    return Member(text, start), end


def parse(expression: str, vocabulary: ClusterVocabulary | None = None) -> Cluster:
    """Parse an expression; codes come back upper case with their dot, in the order written.

    With a vocabulary, codes must exist in it, URIs become codes, and stems and extension codes must stand in
    their places; without one, URIs cannot be resolved. Raises :class:`ClusterSyntaxError`.

    >>> str(parse("fa01.0 & xk9k"))
    'FA01.0&XK9K'
    """
    members = split(expression)
    issues: list[Issue] = []
    cluster = _resolve(members, vocabulary, issues)
    for issue in issues:
        if issue.severity is Severity.ERROR:
            raise ClusterSyntaxError(expression, issue.position, issue.message)
    return cluster


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
    cluster = _resolve(members, vocabulary, issues)
    _check_chapters(members, vocabulary, issues)
    missing = _check_axes(members, vocabulary, issues)
    return ClusterReport(
        expression, cluster.normal(), tuple(sorted(issues, key=lambda i: i.position)), missing
    )


def normalise(expression: str, vocabulary: ClusterVocabulary | None = None) -> str:
    """Return the normal form of an expression; raise :class:`ClusterSyntaxError` if it is not valid.

    >>> normalise("nc122&XK8G&xa8rl1")
    'NC12.2&XA8RL1&XK8G'
    """
    return str(parse(expression, vocabulary).normal())


def describe(cluster: Cluster, vocabulary: ClusterVocabulary) -> str:
    """Say a cluster in words, from WHO's titles: ``stem [extension] [extension] / stem``, in that order."""

    def title(code: str) -> str:
        concept = vocabulary.concepts.get(code_key(code))
        return concept.title if concept else code

    return " / ".join(
        " ".join([title(group.stem), *(f"[{title(code)}]" for code in group.extensions)])
        for group in cluster.groups
    )


def _resolve(
    members: list[list[Member]], vocabulary: ClusterVocabulary | None, issues: list[Issue]
) -> Cluster:
    groups = []
    for written in members:
        codes: list[str] = []
        for place, member in enumerate(written):
            concept = vocabulary.find(member) if vocabulary else None
            code = concept.code if concept else _written(code_key(member.text))
            if vocabulary is not None and concept is None:
                message = f"ICD-11 {vocabulary.release} has no code '{member.text}'"
                issues.append(Issue(Severity.ERROR, "unknown-code", message, member.position))
            elif vocabulary is None and member.uri_id is not None:
                message = "a URI can only be resolved against a release"
                issues.append(Issue(Severity.ERROR, "unresolved-uri", message, member.position))
            _check_place(member, code, place, concept, issues)
            if code in codes:
                issues.append(Issue(Severity.WARNING, "repeated", f"{code} is given twice", member.position))
            codes.append(code)
        groups.append(Group(codes[0], tuple(codes[1:])))
    return Cluster(tuple(groups))


def _written(key: str) -> str:
    """A code with its dot where no release tells: stem codes have one, extension codes have none."""
    return key if key.startswith("X") else dotted(ICD11.id, key)


def _check_place(member: Member, code: str, place: int, concept: Concept | None, issues: list[Issue]) -> None:
    extension = concept.kind is Kind.EXTENSION if concept else code.startswith("X")
    if place == 0 and extension:
        message = f"extension code {code} cannot stand first; a stem code must precede it"
        issues.append(Issue(Severity.ERROR, "extension-first", message, member.position))
    elif place > 0 and not extension:
        message = f"{code} is a stem code; join it with '/', '&' is for extension codes"
        issues.append(Issue(Severity.ERROR, "stem-after-ampersand", message, member.position))


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
