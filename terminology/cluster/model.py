"""What a cluster is made of, and what can be said about one as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave an issue is: only errors make an expression invalid."""

    ERROR = "error"
    WARNING = "warning"


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
    """One stem with its extension codes (codes with their dot).

    ``optional`` are those extension codes that a proposal cannot show the stem to take: sides, where no table
    and no title of WHO's speaks of one. An expression that is only read has none.
    """

    stem: str
    extensions: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

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
    """The outcome of validation. ``parsed`` is the normal form, absent when the grammar is broken.

    ``unchecked_stems`` are stems whose axes are not loaded: nothing is said of their extension codes.
    ``precoordinated`` is the one code whose title says what the expression says.
    """

    expression: str
    parsed: Cluster | None
    issues: tuple[Issue, ...]
    missing_axes: tuple[str, ...] = ()
    unchecked_stems: tuple[str, ...] = ()
    precoordinated: str | None = None

    @property
    def valid(self) -> bool:
        """No error: the grammar holds and every code exists in the release."""
        return all(issue.severity is not Severity.ERROR for issue in self.issues)

    @property
    def complete(self) -> bool:
        """Valid, and no required postcoordination axis is left out (as far as axes are loaded)."""
        return self.valid and not self.missing_axes
