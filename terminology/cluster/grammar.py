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

from terminology.cluster.model import Cluster, Group, Issue, Member, Severity
from terminology.cluster.vocabulary import ClusterVocabulary
from terminology.codes import code_key, dotted
from terminology.concept import Concept, Kind
from terminology.errors import ClusterSyntaxError
from terminology.release_words import release_words
from terminology.systems import ICD11
from terminology.who_uri import leading_who_uri, match_who_uri

_SEPARATORS = "&/"
_NOT_CODE = re.compile(r"[^A-Za-z0-9.]")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def is_cluster(text: str) -> bool:
    """Whether a text is written as an expression of more than one member; it need not be a valid one.

    >>> is_cluster("5A11&XK9K"), is_cluster("5A11"), is_cluster("http://id.who.int/icd/entity/119724091")
    (True, False, False)
    >>> is_cluster("http://id.who.int/icd/entity/119724091/8C03.0"), is_cluster("http://example.org/a")
    (True, False)
    """
    if match_who_uri(text) is not None:
        return False
    named = leading_who_uri(text)
    rest = text if named is None else text[named[1] :]
    return "&" in rest or ("/" in rest and _ADDRESS.match(rest) is None)


def parse(expression: str, vocabulary: ClusterVocabulary | None = None) -> Cluster:
    """Parse an expression; codes come back upper case with their dot, in the order written.

    With a vocabulary, codes must exist in it, URIs become codes, and stems and extension codes must stand in
    their places; without one, URIs cannot be resolved. Raises :class:`ClusterSyntaxError`.

    >>> str(parse("fa01.0 & xk9k"))
    'FA01.0&XK9K'
    """
    members = split(expression)
    issues: list[Issue] = []
    cluster = resolve(members, vocabulary, issues)
    for issue in issues:
        if issue.severity is Severity.ERROR:
            raise ClusterSyntaxError(expression, issue.position, issue.message)
    return cluster


def normalise(expression: str, vocabulary: ClusterVocabulary | None = None) -> str:
    """Return the normal form of an expression; raise :class:`ClusterSyntaxError` if it is not valid.

    >>> normalise("nc122&XK8G&xa8rl1")
    'NC12.2&XA8RL1&XK8G'
    """
    return str(parse(expression, vocabulary).normal())


def groups_in(expression: str) -> list[list[str]]:
    """Return the members of each group of an expression that somebody checked: a record's, or WHO's own row.

    >>> groups_in("NC72.2&XK9K/PA60&XE266")
    [['NC72.2', 'XK9K'], ['PA60', 'XE266']]
    """
    return [[member.strip() for member in group.split("&")] for group in expression.split("/")]


def stems_in(expression: str) -> tuple[str, ...]:
    """Return the stem of each group of such an expression.

    >>> stems_in("NC72.2&XK9K/PA60&XE266")
    ('NC72.2', 'PA60')
    """
    return tuple(group[0] for group in groups_in(expression))


def main_stem(expression: str) -> str:
    """Return the stem of the first group of such an expression.

    >>> main_stem("NC72.2&XK9K/PA60&XE266"), main_stem("5A11")
    ('NC72.2', '5A11')
    """
    return stems_in(expression)[0]


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


def resolve(
    members: list[list[Member]], vocabulary: ClusterVocabulary | None, issues: list[Issue]
) -> Cluster:
    """Put codes for the members as written, and note in ``issues`` what is unknown or out of place."""
    groups = []
    for written in members:
        codes: list[str] = []
        for place, member in enumerate(written):
            concept = vocabulary.find(member) if vocabulary else None
            code = concept.code if concept else _written(code_key(member.text))
            if vocabulary is not None and concept is None:
                message = f"ICD-11 {release_words(vocabulary.release)} has no code '{member.text}'"
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
