"""The code of a category of ICD-11 or ICF that a text names by its WHO URI."""

from __future__ import annotations

from terminology.bundle.store import Store
from terminology.codes import read_code
from terminology.errors import TenElevenError
from terminology.systems import ICD11, ICF
from terminology.who_uri import match_who_uri


def without_who_uri(store: Store, text: str) -> str:
    """Return the code of the category whose WHO URI a text is; any other text as it is."""
    if "://" not in text:
        return text
    named = match_who_uri(read_code(text).text)
    if named is None:
        return text
    try:
        return store.concept(ICF.id if named.linearization == "icf" else ICD11.id, text).code
    except TenElevenError:
        return text
