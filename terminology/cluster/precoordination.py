"""The one code that says what an expression says, read from titles.

WHO made codes for frequent combinations: CA41.0 is what CA41.Z with the extension code of its virus says. The
classification does not state it; the title of the one is made of the titles of the other.
"""

from __future__ import annotations

import re

from terminology.cluster.model import Cluster
from terminology.cluster.vocabulary import ClusterVocabulary
from terminology.codes import code_key
from terminology.concept import Concept

_WORD = re.compile(r"\w+")
#: Words that join the parts of a title and say nothing of their own; every disease here is a human's.
_JOINING = frozenset(
    ["a", "an", "and", "as", "by", "caused", "due", "from", "human", "in", "of", "the", "to", "with"]
)
_UNSPECIFIED = "/unspecified"


def precoordinated(cluster: Cluster, vocabulary: ClusterVocabulary) -> str | None:
    """Return the code whose title is that of an expression's stem and extension codes, if there is just one.

    The unspecified residual of a category stands for the category. Only one stem is read so.
    """
    if len(cluster.groups) != 1 or not cluster.groups[0].extensions:
        return None
    group = cluster.groups[0]
    stem = vocabulary.concepts.get(code_key(group.stem))
    added = [vocabulary.concepts.get(code_key(code)) for code in group.extensions]
    base = None if stem is None else _category(stem, vocabulary)
    if base is None or None in added:
        return None
    words = _words(base.title).union(*(_words(c.title) for c in added if c is not None))
    found = [c.code for c in vocabulary.children.get(base.code, ()) if _words(c.title) == words]
    return found[0] if len(found) == 1 and found[0] != group.stem else None


def _category(stem: Concept, vocabulary: ClusterVocabulary) -> Concept | None:
    if stem.uri is not None and stem.uri.endswith(_UNSPECIFIED) and stem.parent is not None:
        return vocabulary.everything.get(stem.parent)
    return stem


def _words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title.casefold())) - _JOINING
