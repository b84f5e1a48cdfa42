"""The crosswalk: what an ICD-10-CM code becomes in ICD-11, how well, and why.

Rooms, in the order a source code passes through them: ``base`` (the WHO ICD-10 ancestor and its targets),
``refine`` (the stem that says what the title says), ``postcoordinate`` (facets as extension codes and
further stems), ``judge`` (relationship, representation, confidence), ``motif`` (the two-way graph) and
``engine``, which leads through them. ``model`` holds what comes out, ``corpus`` what goes in.
"""

from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.model import Crosswalk, Motif, Relationship, Representation, Step, Target

__all__ = ["Corpus", "Crosswalk", "Motif", "Relationship", "Representation", "Step", "Target"]
