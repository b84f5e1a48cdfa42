"""The crosswalk: what an ICD-10-CM code becomes in ICD-11, how well, and why.

Rooms, in the order a source code passes through them: ``read`` (what its title says), ``base`` (the WHO
ICD-10 ancestor and its targets), ``candidates`` (the stems that may say it, ranked), ``express`` (facets as
extension codes and further stems), ``judge`` (relationship, representation, confidence, and the motif in the
two-way graph); ``engine`` leads through them, and what reviewers decided (``review``) goes before it.
``model`` holds what comes out, ``corpus`` what goes in.
"""

from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.model import Crosswalk, Motif, Relationship, Representation, Step, Target

__all__ = ["Corpus", "Crosswalk", "Motif", "Relationship", "Representation", "Step", "Target"]
