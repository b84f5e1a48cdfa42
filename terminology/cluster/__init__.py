"""ICD-11 expressions: the one parser, validator and normaliser of codes and clusters."""

from terminology.cluster.grammar import groups_in, is_cluster, main_stem, normalise, parse, split, stems_in
from terminology.cluster.model import Cluster, ClusterReport, Group, Issue, Member, Severity
from terminology.cluster.validation import validate
from terminology.cluster.vocabulary import ClusterVocabulary, uri_id
from terminology.cluster.wording import describe

__all__ = [
    "Cluster",
    "ClusterReport",
    "ClusterVocabulary",
    "Group",
    "Issue",
    "Member",
    "Severity",
    "describe",
    "groups_in",
    "is_cluster",
    "main_stem",
    "normalise",
    "parse",
    "split",
    "stems_in",
    "uri_id",
    "validate",
]
