"""Titles as phrases: words brought to one spelling, so that the same meaning compares equal.

British and American spelling, plurals, word order, punctuation and the classifications' standing phrases
("not elsewhere classified", "unspecified", "other specified") must not keep equal titles apart; what is in
parentheses is a nonessential modifier (ICD-10-CM Official Guidelines, section I.A.7) and may be missing on
either side; what follows "without" is a negated word. ``thesaurus.tsv`` holds phrases that mean the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from terminology.accents import unaccented
from terminology.crosswalk.tables.rows import rows

STOPWORDS = frozenset(
    [
        "of",
        "the",
        "and",
        "or",
        "in",
        "with",
        "due",
        "to",
        "by",
        "for",
        "a",
        "an",
        "as",
        "at",
        "on",
        "from",
        "into",
        "its",
        "their",
        "his",
        "her",
        "it",
        "is",
        "are",
        "be",
        "been",
        "being",
        "was",
        "than",
        "this",
        "that",
        "these",
        "those",
        "which",
        "who",
        "whom",
        "involving",
        "associated",
        "resulting",
        "following",
        "any",
        "all",
        "both",
        "either",
    ]
)
_STANDING = re.compile(
    r"\b(?:not elsewhere classified|unknown or unspecified|unknown|not otherwise specified"
    r"|elsewhere classified|classified elsewhere"
    r"|not specified|unspecified|specified|unqualified|certain|nos|nec|other(?! than)|others"
    r"|without mention of(?= *$))\b"
)
_UNSPECIFIED = re.compile(
    r"\b(?:unspecified|not otherwise specified|not specified|unqualified|nos|unknown)\b"
)
_OTHER = re.compile(
    r"^(?:other|certain other|certain specified)\b|^\S+ other specified\b|, other\b|\bother$|^\S+ other\b"
)
_OF_OTHER = re.compile(r"\b(?:of|to|with|by|in|for) other\b(?! or | than )")
# "Other specified joint" names none: the noun may be met or not.
_UNNAMED = re.compile(
    r"\bother (?:specified |or unspecified )?(joint|site|part|organ|body region|location)s?\b"
)
# "Stimulants including amphetamines" names members of the group: they may be met or not.
_INCLUDING = re.compile(r",? including ((?:[\w-]+, )*[\w-]+,? (?:and|or) [\w-]+)")
UNCOMPLICATED = re.compile(r",? ?\buncomplicated$")
_NEGATED = re.compile(
    r"\b(?:without mention of|without|not having|not due to|no evidence of|in (?:the )?absence of|not"
    r"|excluding|other than|except(?: for)?)\b"
)
# A site that follows "without foreign body of" and the like is that of the whole, not of what is denied.
_SCOPE_END = re.compile(
    r",| with(?:out)? | due to | because of | in | following | as current | at the time "
    r"|(?<=foreign body) (?:of|to) |(?<=complications) of |(?<=complication) of |(?<=extension) of "
    r"|(?<=fracture) of "
)
_PAREN = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WORD = re.compile(r"!?[a-z0-9]+")
_HYPHENATED = re.compile(r"\b([a-z]+)-([a-z]+)")
_GRAMS = re.compile(r"(?<=\d)g\b")
_PREFIXES = frozenset(
    [
        "gastro",
        "non",
        "post",
        "pre",
        "anti",
        "cardio",
        "cerebro",
        "broncho",
        "hyper",
        "hypo",
        "intra",
        "extra",
        "peri",
        "sub",
        "supra",
        "musculo",
        "muco",
        "naso",
        "oro",
        "uro",
        "veno",
        "arterio",
        "neuro",
        "psycho",
        "re",
        "co",
        "micro",
        "macro",
        "pseudo",
        "multi",
        "semi",
        "inter",
        "trans",
        "entero",
        "hemo",
        "thrombo",
        "lympho",
        "myo",
        "osteo",
        "immuno",
        "infero",
        "antero",
        "postero",
        "ileo",
        "noso",
    ]
)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8"}
_KEEP_S = ("ss", "us", "is", "as", "os")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A title as words: ``words`` must be met, ``optional`` may be. ``!word`` is a negated word.

    ``unspecified`` and ``other`` tell which standing phrase the title held; ``of_other`` that it speaks of
    other sites, organs or members of its group.
    """

    words: frozenset[str]
    optional: frozenset[str] = frozenset()
    unspecified: bool = False
    other: bool = False
    of_other: bool = False

    @property
    def everything(self) -> frozenset[str]:
        """Required and optional words."""
        return self.words | self.optional if self.optional else self.words


@dataclass(frozen=True, slots=True)
class _SameMeaning:
    """A row of ``thesaurus.tsv``."""

    variant: str
    canonical: str
    says: str
    source: str


@lru_cache(maxsize=200_000)
def word_form(word: str) -> str:
    """Bring one lower-case word to the spelling all comparisons use.

    >>> word_form("haemorrhages") == word_form("hemorrhage"), word_form("tumours") == word_form("tumor")
    (True, True)
    """
    if word in _ROMAN:
        return _ROMAN[word]
    form = (
        re.sub(r"(?<!gastr)(?<!^t)oe", "e", word.replace("ae", "e"))
        .replace("sulph", "sulf")
        .replace("leuc", "leuk")
    )
    if form != "four":
        form = form.replace("our", "or")
    form = re.sub(r"([iy])s(e|ed|ing|ation|ations|er)\b", r"\1z\2", form)
    form = re.sub(r"(fib|cent|goit|lit|met|tit)re(s?)$", r"\1er\2", form)
    if len(form) > 4 and form.endswith("ies"):
        form = form[:-3] + "y"
    elif form.endswith(("ias", "mas")) or (
        len(form) > 3 and form.endswith("s") and not form.endswith(_KEEP_S)
    ):
        form = form[:-1]
    return form


def synonyms() -> tuple[tuple[str, str], ...]:
    """The rows of ``thesaurus.tsv``: a phrase, and the one it is read as."""
    return tuple((row.variant, row.canonical) for row in rows("thesaurus.tsv", _SameMeaning))


@cache
def _wider() -> dict[str, frozenset[str]]:
    """The variants of ``thesaurus.tsv`` that are read as something wider, with their own words."""
    found = [row.variant for row in rows("thesaurus.tsv", _SameMeaning) if row.says == "less"]
    return {v: frozenset(w for word in v.split() for w in phrase(word).words) for v in found}


def left_unsaid(text: str) -> frozenset[str]:
    """The words of a lower-case text that are read as something wider: the femoral vein as a deep vein.

    >>> sorted(left_unsaid("acute embolism and thrombosis of femoral vein") - {"embolism", "thrombosis"})
    ['femur', 'vein']
    """
    return frozenset(w for variant, words in _wider().items() if variant in text for w in words)


@cache
def _thesaurus() -> dict[str, dict[tuple[str, ...], list[str]]]:
    """What each variant of ``thesaurus.tsv`` is called, by its first word and, longest first, its words."""
    table: dict[str, str] = {}
    for variant, canonical in synonyms():
        table[" ".join(_plain_words(variant))] = " ".join(_plain_words(canonical))
    # A canonical form may itself be a variant of another row's: settle that once, here.
    ordered = sorted(table, key=lambda v: (-len(v.split()), v))
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, ordered)) + r")\b")
    found: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for variant in ordered:
        words = tuple(variant.split())
        settled = pattern.sub(lambda m: table[m[0]], table[variant])
        found.setdefault(words[0], {})[words] = settled.split()
    return found


def _plain_words(text: str) -> list[str]:
    plain = text.lower()
    if not plain.isascii():
        plain = unaccented(unicodedata.normalize("NFKC", plain))
    joined = plain.replace("\u2019", "'").replace("'s ", " ").replace("s' ", "s ")
    if "-" in joined:
        joined = _HYPHENATED.sub(
            lambda m: m[1] + m[2].replace("oe", "e") if m[1] in _PREFIXES else f"{m[1]} {m[2]}", joined
        )
    return list(map(word_form, _WORD.findall(_GRAMS.sub(" g", joined))))


def _canonical_words(text: str) -> list[str]:
    variants, words = _thesaurus(), _plain_words(text)
    if variants.keys().isdisjoint(words):
        return words
    found: list[str] = []
    at = 0
    while at < len(words):
        for variant, canonical in variants.get(words[at], {}).items():
            if tuple(words[at : at + len(variant)]) == variant:
                found += canonical
                at += len(variant)
                break
        else:
            found.append(words[at])
            at += 1
    return found


def _words(text: str) -> frozenset[str]:
    """The canonical words of a text without stopwords, negated ones marked."""
    found: set[str] = set()
    at = 0
    for negation in _NEGATED.finditer(text):
        if negation.start() < at:
            continue
        found.update(_canonical_words(text[at : negation.start()]))
        end = _SCOPE_END.search(text, negation.end())
        at = end.start() if end else len(text)
        found.update("!" + w for w in _canonical_words(text[negation.end() : at]) if w not in STOPWORDS)
    found.update(_canonical_words(text[at:]))
    return frozenset(found - STOPWORDS)


@lru_cache(maxsize=100_000)
def phrase(title: str) -> Phrase:
    """Return a title as a :class:`Phrase`.

    >>> phrase("Anaemia, unspecified") == phrase("Unspecified anemia")
    True
    """
    text = UNCOMPLICATED.sub(" without complication", title.lower())
    unspecified = bool(_UNSPECIFIED.search(text))
    says_other = "other" in text  # most titles do not: what looks for more than the word is spared
    other = (says_other or "certain" in text) and bool(_OTHER.search(text))
    optional: set[str] = set()
    plain = text
    for _ in range(3 if "(" in text or "[" in text else 0):
        inside = _PAREN.search(plain)
        if inside is None:
            break
        optional.update(_words(_STANDING.sub(" ", inside[1] or inside[2] or "")))
        plain = plain[: inside.start()] + " " + plain[inside.end() :]
    members = _INCLUDING.search(plain) if " including " in plain else None
    if members is not None:
        optional.update(_words(_STANDING.sub(" ", members[1])))
        plain = plain[: members.start()] + plain[members.end() :]
    unnamed = _UNNAMED.search(plain) if says_other else None
    if unnamed is not None:
        optional.update(_words(unnamed[1]))
        plain = plain[: unnamed.start()] + " " + plain[unnamed.end() :]
    required = _words(_STANDING.sub(" ", plain))
    of_other = says_other and bool(_OF_OTHER.search(text))
    return Phrase(required, frozenset(optional) - required, unspecified, other, of_other)
