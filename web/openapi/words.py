"""Which fields hold a word of a closed list, by schema and name."""

from __future__ import annotations

from collections.abc import Mapping

from indexes.autocode import Match
from terminology.bundle.life.code_list import ListStatus
from terminology.bundle.life.code_status import CodeStatus
from terminology.claims.finding import Certainty, Icd11Effect, Severity
from terminology.cluster import Severity as IssueSeverity
from terminology.concept import Kind
from terminology.crosswalk import Motif, Relationship, Representation
from terminology.systems import SYSTEMS

_KINDS = tuple(kind.value for kind in Kind)

#: The words of a field, by the name of its schema (``*``: any) and its own.
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("*", "representation"): tuple(Representation),
    ("*", "motif"): tuple(Motif),
    ("*", "relationship"): tuple(Relationship),
    ("AutocodeOut", "match"): tuple(Match),
    ("ListedCodeOut", "status"): tuple(ListStatus),
    ("ResolutionOut", "status"): tuple(CodeStatus),
    ("ClusterIssueOut", "severity"): tuple(IssueSeverity),
    ("FindingOut", "severity"): tuple(Severity),
    ("FindingOut", "certainty"): tuple(Certainty),
    ("EffectOut", "effect"): tuple(Icd11Effect),
    ("EditEffectOut", "effect"): tuple(Icd11Effect),
    ("ConceptOut", "kind"): _KINDS,
    ("SummaryOut", "kind"): _KINDS,
    ("ResultOut", "kind"): _KINDS,
    ("ConceptOut", "system"): tuple(SYSTEMS),
    ("ResultOut", "system"): tuple(SYSTEMS),
    ("SuggestionOut", "system"): tuple(SYSTEMS),
    ("SystemOut", "id"): tuple(SYSTEMS),
    ("ProgressOut", "state"): ("waiting", "running", "none"),
}
#: Lists that stand in several schemas, by the name of the schema they have themselves.
SHARED: Mapping[str, tuple[str, ...]] = {
    "Representation": tuple(Representation),
    "Motif": tuple(Motif),
    "Relationship": tuple(Relationship),
    "ConceptKind": _KINDS,
    "CodeSystemId": tuple(SYSTEMS),
    "Icd11Effect": tuple(Icd11Effect),
}
#: Members that an answer has only where they say something; all others are always there.
SOMETIMES: Mapping[str, frozenset[str]] = {
    "ProblemOut": frozenset(
        (
            "parameter", "suggestions", "elsewhere", "position", "known", "loaded", "code_status",
            "successors", "heading", "begins", "ended", "request_id",
        )
    ),
    "CheckOut": frozenset(("id",)),
    "CrosswalkOut": frozenset(("decision",)),
    "CrosswalkResultOut": frozenset(
        ("target", "representation", "motif", "titles_alone", "targets", "decision", "error")
    ),
    "ConceptOut": frozenset(("language", "title_en", "title_source")),
    "SummaryOut": frozenset(("language", "title_en", "title_source")),
    "EndOut": frozenset(("release", "code", "title")),
    "ReportColumnOut": frozenset(("certainty", "low", "high", "why")),
}  # fmt: skip
