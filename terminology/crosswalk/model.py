"""What the crosswalk engine answers: one :class:`Crosswalk` per source code, with ranked targets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from terminology.cluster.model import Group


class Representation(StrEnum):
    """How well ICD-11 can say what the source code says (Fung KW et al., JAMIA 2021;28(11):2404-2411)."""

    FULL = "full"
    FULL_POSTCOORDINATED = "full-postcoordinated"
    PARTIAL = "partial"
    NONE = "none"


class Relationship(StrEnum):
    """FHIR R5 ``concept-map-relationship``, read from source to target."""

    EQUIVALENT = "equivalent"
    SOURCE_NARROWER = "source-is-narrower-than-target"
    SOURCE_BROADER = "source-is-broader-than-target"
    RELATED = "related-to"
    NOT_RELATED = "not-related-to"


class Motif(StrEnum):
    """Mapping motifs of the two-way graph (Boyd, Li, Burton, JAMIA 2013)."""

    IDENTITY = "identity"
    CLASS_TO_SUBCLASS = "class-to-subclass"
    SUBCLASS_TO_CLASS = "subclass-to-class"
    CONVOLUTED = "convoluted"
    NO_MAPPING = "no-mapping"


@dataclass(frozen=True, slots=True)
class Step:
    """One reason a coder can check.

    ``step`` is the room it was taken in (``base``, ``refine``, ``postcoordinate``, ``judge``, ``override``,
    ``reviewed``; read backwards ``reverse`` and ``life``), ``detail`` a sentence, ``source`` where it can be
    looked up (table, release and row, or the facet table's source).
    """

    step: str
    detail: str
    source: str


_SAYS_SOMETHING = frozenset({"condition", "complication", "context"})
_SAYS_NOTHING = re.compile(
    r"(?:unspecified|not specified|not applicable)(?: or unspecified| as .*| to .*| \w+)?"
    r"|\w+ (?:un|not )specified"
)


def says_nothing(facet: str) -> bool:
    """Whether a facet only says what ICD-10-CM itself leaves open, so that nothing is lost with it.

    An unspecified kind of a condition still says the condition.

    >>> [says_nothing(f) for f in ("laterality=unspecified", "detail=unspecified as acute or chronic")]
    [True, True]
    >>> [says_nothing(f) for f in ("condition=unspecified atrial flutter", "detail=stage 3 unspecified")]
    [False, False]
    """
    dimension, _, value = facet.partition("=")
    return dimension not in _SAYS_SOMETHING and _SAYS_NOTHING.fullmatch(value) is not None


TITLES_ALONE = Step("base", "no WHO table is loaded: mapped from titles alone", "titles")
"""The reason that stands in every target that was found without WHO's tables."""


@dataclass(frozen=True, slots=True)
class Target:
    """One proposed expression for a source code; rank 1 is the recommended one.

    ``groups`` are the stems, each with its extension codes, in the order they are written; which sides among
    them are ``optional`` each group says. ``titles`` are
    those of all members in the order of the expression, as their publisher prints them (``None`` where it
    prints none). Facets are written ``dimension=value`` (``laterality=right``); those of the source are
    exactly ``facets_kept`` and ``facets_lost`` together; ``facets_added`` are said by the target alone.
    ``confidence`` is a probability, 0 to 1; ``None`` for WHO's own tables, which state none.
    """

    rank: int
    groups: tuple[Group, ...]
    titles: tuple[str | None, ...]
    relationship: Relationship
    confidence: float | None
    facets_kept: tuple[str, ...] = ()
    facets_lost: tuple[str, ...] = ()
    facets_added: tuple[str, ...] = ()
    provenance: tuple[Step, ...] = ()

    @property
    def expression(self) -> str:
        """The cluster as it is written."""
        return "/".join(map(str, self.groups))

    @property
    def stem(self) -> str:
        """The first stem: what the expression is about."""
        return self.groups[0].stem

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extension codes of the first group."""
        return self.groups[0].extensions

    @property
    def members(self) -> tuple[str, ...]:
        """All codes in the order they are written."""
        return tuple(code for group in self.groups for code in (group.stem, *group.extensions))

    @property
    def optional(self) -> tuple[str, ...]:
        """The extension codes of all groups that WHO's tables and titles do not show their stems to take."""
        return tuple(dict.fromkeys(code for group in self.groups for code in group.optional))

    @property
    def facets(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is kept, lost and added, each under its name."""
        return (("kept", self.facets_kept), ("lost", self.facets_lost), ("added", self.facets_added))


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What one source code becomes in the target release.

    ``target_release`` is ``None`` where several releases of WHO's tables answer. ``targets`` is empty
    exactly when ``representation`` is ``none``. ``decision`` is the reviewed decision
    that the recommendation rests on: who decided, when and why.
    """

    source_system: str
    source_release: str
    source_code: str
    source_title: str
    target_system: str
    target_release: str | None
    representation: Representation
    motif: Motif
    targets: tuple[Target, ...] = ()
    decision: Step | None = None

    @property
    def titles_alone(self) -> bool:
        """Whether the recommendation rests on titles alone, because no table of WHO's was loaded."""
        return self.recommended is not None and TITLES_ALONE in self.recommended.provenance

    @property
    def recommended(self) -> Target | None:
        """The first target, if there is one."""
        return self.targets[0] if self.targets else None
