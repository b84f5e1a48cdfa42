"""Names within the titles of HCPCS: what comes first is the thing, what follows describes it.

*Cane, includes canes of all materials, adjustable or fixed, with tip* is a cane; *Injection, cefazolin
sodium, 500 mg* is cefazolin, whatever its salt, with *injection* or without. What only goes with a thing
(*Platform attachment, forearm crutch*) is named for itself, so that a search for the thing finds the thing
first. The less a title describes, the more it is the thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexes.documents.document import SearchTerm, TermKind

_SOURCE = "CMS, HCPCS title, its beginning"
_TRUST, _LESS = 0.985, 0.001
_MOST_PARTS = 3
_LONGEST = 5
_MOST_DESCRIBED = 12
_DENYING = ("not", "without")
_PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_PARTS = re.compile(r"[,;:]")
_GIVEN = frozenset(("injection", "infusion", "inj", "inj."))
_ENDS = re.compile(r"\b(?:per|each|includes?|including|with|without|for|used|any|up to|not)\b|\d", re.I)
_SALTS = re.compile(
    r"(?:\s+(?:sodium|potassium|calcium|hydrochloride|hcl|hydrobromide|sulfate|acetate|phosphate|succinate|"
    r"citrate|tartrate|mesylate|maleate|fumarate|besylate|bromide|chloride|lactate|gluconate|tromethamine|pamoate|dihydrate|monohydrate|"
    r"trihydrate|suspension|injection))+$",
    re.I,
)


def named_first(title: str) -> Iterator[SearchTerm]:
    """Yield what a title of HCPCS names before it describes.

    >>> [t.text for t in named_first("Walker, folding, wheeled, adjustable or fixed height")]
    ['Walker', 'Walker folding', 'Walker folding wheeled']
    >>> [t.text for t in named_first("Injection, cefazolin sodium (baxter), 500 mg")]
    ['Injection cefazolin', 'cefazolin']
    """
    parts = [part.strip() for part in _PARTS.split(_PARENTHESES.sub("", title))]
    given = parts[0].lower() in _GIVEN
    name: list[str] = []
    for part in parts[:_MOST_PARTS]:
        ends = _ENDS.search(part)
        begun = part[: ends.start()].strip(" ;.") if ends else part
        if not begun or (ends and ends.group().lower() in _DENYING):
            break
        name.append(_SALTS.sub("", begun) if given else begun)
        text = " ".join(name)
        if len(text.split()) > _LONGEST:
            break
        if len(name) > given and text.lower() != title.lower():
            described = len(title.split()) - len(text.split())
            trust = _TRUST - _LESS * min(described, _MOST_DESCRIBED)
            for named in (text, " ".join(name[1:])) if given else (text,):
                yield SearchTerm(named, TermKind.SYNONYM, _SOURCE, trust=trust)
        if begun != part or (given and len(name) > 1):
            break
