"""The one code normaliser: what a person types, the key a code is stored under, the form it is shown in.

Codes are accepted in any case, with or without their dot and with stray blanks, and are shown with the
publisher's dot. The *key* of a code is its upper-case form without dots and blanks; within one release
of a system a key names exactly one concept.
"""

from __future__ import annotations

from terminology.systems import ICD10, ICD10CM, ICD11

_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-"})
_DOT_AFTER = {ICD10CM.id: 3, ICD10.id: 3, ICD11.id: 4}


def code_key(text: str) -> str:
    """Return the key of a code: upper case, no dots, no blanks, plain hyphens.

    >>> code_key(" e11.9 "), code_key("A00–A09"), code_key("BlockL1-1A0")
    ('E119', 'A00-A09', 'BLOCKL1-1A0')
    """
    if not text.isascii():
        text = text.translate(_DASHES)
    return "".join(text.split()).replace(".", "").upper()


def dotted(system: str, key: str) -> str:
    """Return the display form of a code's key: the dot where the system's publisher puts it.

    ICD-10 and ICD-10-CM put a dot after the third character, ICD-11 after the fourth (WHO ICD-11
    Reference Guide, section on code structure). Blocks, chapters and the codes of other systems have none.

    >>> dotted("icd-10-cm", "E119"), dotted("icd-11", "5A110"), dotted("icd-10-cm", "A00-A09")
    ('E11.9', '5A11.0', 'A00-A09')
    """
    at = _DOT_AFTER.get(system)
    if at is None or len(key) <= at or "-" in key:
        return key
    return f"{key[:at]}.{key[at:]}"
