"""The stored form of a crosswalk gives back what was stored."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from terminology.cluster.model import Group
from terminology.crosswalk import Crosswalk, Motif, Relationship, Representation, Step, Target
from terminology.crosswalk.record import decode, encode
from tests.crosswalk_samples import target

TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
STEPS = st.builds(Step, TEXT, TEXT, TEXT)
TARGETS = st.builds(
    Target,
    rank=st.integers(1, 9),
    groups=st.lists(st.builds(Group, TEXT, TEXTS, TEXTS), min_size=1, max_size=3).map(tuple),
    titles=st.lists(st.none() | TEXT, max_size=3).map(tuple),
    relationship=st.sampled_from(Relationship),
    confidence=st.none() | st.floats(0, 1),
    facets_kept=TEXTS,
    facets_lost=TEXTS,
    facets_added=TEXTS,
    provenance=st.lists(STEPS, max_size=2).map(tuple),
)
CROSSWALKS = st.builds(
    Crosswalk,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    st.none() | TEXT,
    st.sampled_from(Representation),
    st.sampled_from(Motif),
    st.lists(TARGETS, max_size=2).map(tuple),
    st.none() | STEPS,
)


@given(CROSSWALKS)
def test_what_is_encoded_is_decoded_unchanged(crosswalk: Crosswalk) -> None:
    assert decode(encode(crosswalk)) == crosswalk


def test_extensions_of_a_target_never_hold_a_further_stem() -> None:
    found = Crosswalk(
        "icd-10-cm",
        "2027",
        "E11.22",
        "Type 2 diabetes mellitus with diabetic chronic kidney disease",
        "icd-11",
        "2025-01",
        Representation.FULL_POSTCOORDINATED,
        Motif.IDENTITY,
        (target("5A11&XS25/GB61.Z"),),
    )
    (written,) = orjson.loads(encode(found))["targets"]
    assert (written["stem"], written["extensions"]) == ("5A11", ["XS25"])
    assert written["groups"] == [
        {"stem": "5A11", "extensions": ["XS25"], "optional": []},
        {"stem": "GB61.Z", "extensions": [], "optional": []},
    ]
    assert written["expression"] == "5A11&XS25/GB61.Z"
