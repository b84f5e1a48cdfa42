"""A cluster in words."""

from __future__ import annotations

from terminology.cluster.model import Cluster
from terminology.cluster.vocabulary import ClusterVocabulary
from terminology.codes import code_key


def describe(cluster: Cluster, vocabulary: ClusterVocabulary) -> str:
    """Say a cluster in words, from WHO's titles: ``stem [extension] [extension] / stem``, in that order."""

    def title(code: str) -> str:
        concept = vocabulary.concepts.get(code_key(code))
        return concept.title if concept else code

    return " / ".join(
        " ".join([title(group.stem), *(f"[{title(code)}]" for code in dict.fromkeys(group.extensions))])
        for group in cluster.groups
    )
