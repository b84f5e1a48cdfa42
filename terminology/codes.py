"""The one code normaliser: what a person types, the key a code is stored under, the form it is shown in.

Codes are accepted in any case, with or without their dot, with stray blanks, with what people and programs
leave beside them (quotes, brackets, commas, padding, the dagger and asterisk of ICD-10) and with the name
of their code system in front; they are shown with the publisher's dot. The *key* of a code is its
upper-case form without all that; within one release of a system a key names exactly one concept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from terminology.systems import CPT, HCPCS, ICD10, ICD10CM, ICD11, ICF, SYSTEMS
from terminology.who_uri import match_who_uri

ICD9CM = "icd-9-cm"
"""A system that is recognised, so that its codes are not taken for others; it is not loaded."""

_DOT_AFTER = {ICD10CM.id: 3, ICD10.id: 3, ICD11.id: 4}
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_DOTS = "\u00b7\u2024\u30fb\u3002\uff61"
_PLAIN = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_DOTS, "."))
_QUOTES = "'\"`\u2018\u2019\u201a\u201c\u201d\u201e\u2032\u2033\u00b4\u00ab\u00bb"
_BESIDE = " \t\r\n.,;:()[]{}<>^~*+-=!|_#\\\u2020\u2021\u2022" + _QUOTES
_BEFORE = _BESIDE.replace("!", "")  # in front it means "not"
_HL7_PARTS = 3

_SYSTEM_NAMES = {
    "icd10cm": ICD10CM.id,
    "icd10cmcode": ICD10CM.id,
    "i10c": ICD10CM.id,
    "icd10": ICD10.id,
    "icd10who": ICD10.id,
    "icd10code": ICD10.id,
    "icd11": ICD11.id,
    "icd11code": ICD11.id,
    "icd11mms": ICD11.id,
    "mms": ICD11.id,
    "hcpcs": HCPCS.id,
    "hcpcslevelii": HCPCS.id,
    "hcpcslevel2": HCPCS.id,
    "icf": ICF.id,
    "cpt": CPT.id,
    "icd9": ICD9CM,
    "icd9cm": ICD9CM,
    "i9c": ICD9CM,
}
"""Names in front of a code, letters and digits only."""
_HL7_NAMES = _SYSTEM_NAMES | {"i10": ICD10.id, "i9": ICD9CM}
"""Names behind a code in an HL7 v2 element (table 0396); in front, I10 is a code itself."""
_SYSTEM_URIS = {system.uri.lower(): system.id for system in SYSTEMS.values()} | {
    "http://hl7.org/fhir/sid/icd-11": ICD11.id,
    "http://hl7.org/fhir/sid/icd-9-cm": ICD9CM,
    "http://purl.bioontology.org/ontology/icd10cm": ICD10CM.id,
    "http://purl.bioontology.org/ontology/icd10": ICD10.id,
    "http://bioregistry.io/icd10cm": ICD10CM.id,
    "http://bioregistry.io/icd11": ICD11.id,
    "urn:oid:2.16.840.1.113883.6.90": ICD10CM.id,
    "urn:oid:2.16.840.1.113883.6.3": ICD10.id,
    "urn:oid:2.16.840.1.113883.6.103": ICD9CM,
    "urn:oid:2.16.840.1.113883.6.285": HCPCS.id,
    "urn:oid:2.16.840.1.113883.6.254": ICF.id,
    "http://id.who.int/icd/release/11/icf": ICF.id,
}
"""URIs of code systems, of FHIR, BioPortal, Bioregistry and HL7's registry of OIDs."""
_NAMED = re.compile(r"([A-Za-z][A-Za-z0-9 ._-]{1,20}?)\s*[:|#]\s*(?=\S)")
_SPACED = re.compile(r"(icd[ -]?(?:9|10|11)(?:[ -]?(?:cm|mms))?)\s+(?=[A-Z0-9]{2})", re.IGNORECASE)
_URI = re.compile(r"(?:https?://|urn:oid:)[^\s|#]+", re.IGNORECASE)
_FILLED = re.compile(r"([A-Z][0-9][0-9A-Z])X{1,4}")


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A code as somebody wrote it.

    ``text`` is the code without what stood beside it, ``key`` its key, ``system`` the id of the code system
    that a prefix names (:data:`ICD9CM` included), ``None`` without one; ``by_uri`` that it is named by a URI.
    """

    text: str
    key: str
    system: str | None = None
    by_uri: bool = False

    def fits(self, system: str) -> bool:
        """Whether it can be a code of a system; a bare ``ICD10:`` says ICD-10-CM too, as people write it.

        ICF puts a qualifier behind the dot, which is no part of the code: ``b110.8`` is not ``b1108``.
        """
        if system == ICF.id and "." in self.text:
            return False
        if self.system == ICD10.id and system == ICD10CM.id:
            return not self.by_uri
        return self.system in (None, system)


def read_code(text: str) -> WrittenCode:
    """Return a code without what people leave beside it, and the system that its prefix names.

    >>> read_code(' "E11.9," ').key, read_code("icd-10-cm|e11.9").system, read_code("ICD9:V58.61").system
    ('E119', 'icd-10-cm', 'icd-9-cm')
    """
    plain = text.replace(".", "")
    if plain.isascii() and plain.isalnum() and "." not in (text[0], text[-1]):  # nearly every cell
        return WrittenCode(text, plain.upper())
    system: str | None = None
    by_uri = False
    text = _cleaned(text)
    while True:
        named_by_who = match_who_uri(text)
        if named_by_who is not None:
            of_icf = named_by_who.linearization == "icf"
            return WrittenCode(text, _squeezed(text), ICF.id if of_icf else ICD11.id, True)
        named, rest = _without_prefix(text)
        if rest == text:
            return WrittenCode(text, _squeezed(text), system, by_uri)
        system, by_uri = named or system, by_uri or _URI.match(text) is not None
        text = _cleaned(rest)


def code_key(text: str) -> str:
    """Return the key of a code: upper case, no dots, no blanks, plain hyphens, nothing beside it.

    >>> code_key(" e11.9, "), code_key("A00–A09"), code_key("BlockL1-1A0"), code_key("ICD-10-CM: E11.9")
    ('E119', 'A00-A09', 'BLOCKL1-1A0', 'E119')
    """
    key = text.replace(".", "").upper()
    if key.isascii() and key.isalnum():  # nearly every cell
        return key
    key, before = read_code(text).key, text
    while key != before:  # upper case and Unicode's compatible forms can make a new text of a strange one
        key, before = read_code(key).key, key
    return key


def key_in(system: str, text: str) -> str:
    """Return the key of a code of one system; empty for a code whose prefix names another system.

    >>> key_in("icd-10-cm", "ICD10:E11.9"), key_in("icd-10-cm", "icd11.code:1A00"), key_in("icf", "b110.8")
    ('E119', '', '')
    """
    key = text.replace(".", "").upper()
    if key.isascii() and key.isalnum() and system != ICF.id:
        return key
    written = read_code(text)
    return code_key(text) if written.fits(system) else ""


def unfilled(key: str) -> str | None:
    """Return the category that a key fills up with ``X`` (``I10X``), ``None`` for any other key.

    It is meant only where the release has no code with the key and the category has nothing below it.

    >>> unfilled("I10X"), unfilled("E119"), unfilled("W21X")
    ('I10', None, 'W21')
    """
    found = _FILLED.fullmatch(key)
    return found[1] if found else None


def near_keys(key: str) -> Iterator[str]:
    """Yield the keys that a key of no code may mean, the likeliest first.

    First come those with the placeholder X where ICD-10-CM wants one before a 7th character (Official
    Guidelines, section I.A.4), then look-alikes (O and 0, I and 1), then the headings above.

    >>> list(near_keys("W2189A"))[0], "E119" in list(near_keys("EI19"))
    ('W2189XA', True)
    """
    key = key[:_LONGEST]
    yield from placed(key)
    yield from (key[:at] + key[at].translate(_CONFUSED) + key[at + 1 :] for at in range(len(key)))
    yield key[:1] + key[1:].replace("O", "0").replace("I", "1")
    yield from (key[:length] for length in range(len(key) - 1, 2, -1))


def placed(key: str) -> Iterator[str]:
    """Yield a key with the placeholders before its last character that make it seven characters long.

    >>> list(placed("W2189A")), list(placed("S72001XXA")), list(placed("E11"))
    (['W2189XA'], ['S72001A'], [])
    """
    stem, last = key[:-1].rstrip("X"), key[-1:]
    if _SHORTEST_STEM <= len(stem) < _SEVEN and len(key) != _SEVEN and key[:1].isalpha():
        yield stem.ljust(_SEVEN - 1, "X") + last


def suggested_keys(key: str, exists: Callable[[str], bool], most: int = 1) -> list[str]:
    """Return up to ``most`` keys of codes that exist and that a key of no code may mean."""
    found: list[str] = []
    for guess in near_keys(key):
        if guess != key and guess not in found and exists(guess):
            found.append(guess)
            if len(found) == most:
                break
    return found


def dotted(system: str, key: str) -> str:
    """Return the display form of a code's key: the dot where the system's publisher puts it.

    ICD-10 and ICD-10-CM put a dot after the third character, ICD-11 after the fourth (WHO ICD-11
    Reference Guide, section on code structure). Blocks, chapters and the codes of other systems have none.
    ICF writes the letter of a code small.

    >>> dotted("icd-10-cm", "E119"), dotted("icd-11", "5A110"), dotted("icd-10-cm", "A00-A09")
    ('E11.9', '5A11.0', 'A00-A09')
    >>> dotted("icf", "B110")
    'b110'
    """
    if system == ICF.id:
        return key.lower() if key[:1] in "BSDE" and key[1:].isdecimal() else key
    at = _DOT_AFTER.get(system)
    if at is None or len(key) <= at or "-" in key:
        return key
    return f"{key[:at]}.{key[at:]}"


_LONGEST = 32
_SEVEN = 7
_SHORTEST_STEM = 3
_CONFUSED = str.maketrans({"O": "0", "0": "O", "I": "1", "1": "I", "L": "1"})


def _cleaned(text: str) -> str:
    """Take away what cannot be seen, and what stands beside a code; keep what is inside."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    elif not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c.isspace())
    return text.strip().lstrip(_BEFORE).rstrip(_BESIDE)


def _without_prefix(text: str) -> tuple[str | None, str]:
    """Return the system a prefix names and the text behind it; the text as it is without one."""
    uri = _URI.match(text)
    if uri is not None:
        return _without_uri(text, uri.group())
    named = _NAMED.match(text) or _SPACED.match(text)
    if named is not None:
        system = _SYSTEM_NAMES.get("".join(c for c in named[1].lower() if c.isalnum()))
        if system is not None:
            return system, text[named.end() :]
    if "^" in text:  # HL7 v2: code^text^system
        code, *parts = text.split("^")
        name = parts[1] if len(parts) >= _HL7_PARTS - 1 else ""
        return _HL7_NAMES.get("".join(c for c in name.lower() if c.isalnum())), code
    return None, text


def _without_uri(text: str, uri: str) -> tuple[str | None, str]:
    known = uri.lower().replace("https://", "http://")
    behind = text[len(uri) :].lstrip("|#")
    if known.rstrip("/") in _SYSTEM_URIS and behind:
        return _SYSTEM_URIS[known.rstrip("/")], behind
    for above, system in _SYSTEM_URIS.items():
        if known.startswith((f"{above}/", f"{above}:")):
            return system, uri[len(uri) - len(known) + len(above) + 1 :] + text[len(uri) :]
    return None, text


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace(".", "").upper()
