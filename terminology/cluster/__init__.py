"""ICD-11 expressions: the one parser, validator and normaliser of codes and clusters."""

from terminology.cluster.grammar import is_cluster, normalise, parse, split
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
    "is_cluster",
    "normalise",
    "parse",
    "split",
    "uri_id",
    "validate",
]
