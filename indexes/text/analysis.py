"""Clinical English to search tokens: one chain for what is indexed and what is asked.

The chain folds what differs in writing only (accents, Greek letters, British spelling, Latin plurals,
roman numerals, hyphens, possessives) and takes off inflection, never derivation: ``fractures`` and
``fracture`` are one token, ``thyroid`` and ``thyroiditis``, ``hypertension`` and ``hypotension``,
``carcinoma`` and ``carcinoid`` stay apart. Related words (``kidney``, ``renal``) are the business of
:mod:`indexes.text.vocabulary`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from whoosh.analysis.acore import Composable, Token

from indexes.text.tables import stop_words, word_forms
from terminology.accents import unaccented

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip
STOP_WORDS = frozenset(row.word for row in stop_words())
"""Words that carry no meaning in a term; ``without``, ``not`` and ``other`` do and stay."""

_NUMBERED = frozenset(
    ("type", "types", "stage", "stages", "grade", "class", "group", "factor", "phase", "degree", "bipolar",
     "nyha", "category", "level")
)  # fmt: skip
_LETTERED = frozenset(
    ("hepatitis", "vitamin", "influenza", "flu", "hemophilia", "haemophilia", "group", "type",
     "streptococcus", "immunoglobulin", "protein", "paratyphoid", "class", "grade", "stage", "hemoglobin")
)  # fmt: skip
"""Words that a letter names: there *a* is no article."""

_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11",
    "xii": "12", "xiii": "13",
}  # fmt: skip
_ROMAN_AFTER_NUMBERED = {"i": "1", "v": "5", "x": "10"} | _ROMAN
_ROMAN_LETTER = re.compile(r"(i{1,3}|iv)([abc])")
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}

_TRANSLATE = str.maketrans(
    {**{letter: f" {name} " for letter, name in GREEK.items()}, "’": "'", "‘": "'", "ʼ": "'"}
    | {"‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe"}
)
_POSSESSIVE = re.compile(r"(?<=\w)(?:'s|s'(?=\W|$))")
_CONTRACTION = re.compile(r"(?<=n)'(?=t\b)|(?<=\w)'(?=(?:ve|m|re|ll|d)\b)")
_SPELLED_ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}(?=\W|$)")
_LETTER_NUMBER = re.compile(r"\b([a-z])-(\d+)\b")
_PREFIX = re.compile(
    r"\b(?:(non)[- ]+|(pre|post|anti|hyper|hypo|sub|inter|intra|extra|peri|auto|micro|multi|re|co|de|semi|"
    r"over|under)-)"
    r"(?=[a-z]{3})"
)
_WORD = re.compile(r"[a-z0-9]+(?:\.\d+)?")
_WORD_OF_ANY_SCRIPT = re.compile(r"[a-z0-9]+(?:\.\d+)?|[^\W\d_a-z]+")
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""Scripts that part no words (Chinese, Japanese): every two neighbouring characters are a word."""


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, Greek letters, possessives and typographic dashes.

    >>> fold("Sjögren’s β-thalassaemia"), fold("I've a knee that won't bend")
    ('sjogren  beta -thalassaemia', 'ive a knee that wont bend')
    """
    lowered = text.lower()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKC", lowered).lower().translate(_TRANSLATE)
        lowered = unaccented(lowered)
    lowered = lowered.replace("`", "'")
    return _CONTRACTION.sub("", _POSSESSIVE.sub("", lowered)) if "'" in lowered else lowered


def words(text: str) -> list[str]:
    """Return the surface words of ``text``, folded, hyphens and slashes parting them.

    >>> words("Type-2 DM, X-linked non-Hodgkin's (B-12)")
    ['type', '2', 'dm', 'x', 'linked', 'nonhodgkin', 'b12']
    """
    folded = fold(text)
    if "." in folded:
        folded = _SPELLED_ACRONYM.sub(lambda m: m.group().replace(".", ""), folded)
    if "-" in folded:
        folded = _LETTER_NUMBER.sub(r"\1\2", folded)
    if "-" in folded or "non " in folded:
        folded = _PREFIX.sub(lambda m: m.group(1) or m.group(2), folded)
    return _WORD.findall(folded) if folded.isascii() else list(_words_of_any_script(folded))


def _words_of_any_script(folded: str) -> Iterator[str]:
    """Yield the words of a text in other letters too; Chinese by pairs of characters.

    >>> list(_words_of_any_script("острая пневмония")), list(_words_of_any_script("急性肺炎"))
    (['острая', 'пневмония'], ['急性', '性肺', '肺炎'])
    """
    for word in _WORD_OF_ANY_SCRIPT.findall(folded):
        if len(word) > 2 and _WITHOUT_SPACES.fullmatch(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        else:
            yield word


def tokens(text: str) -> list[str]:
    """Return the search tokens of ``text`` in order, stop words left out.

    >>> tokens("Fractures of both vertebrae, stage IIIb"), tokens("oedema of the oesophagus")
    (['fractur', 'both', 'vertebra', 'stage', '3b'], ['edema', 'esophagus'])
    >>> tokens("a case of hepatitis A")
    ['case', 'hepatitis', 'a']
    """
    found = []
    before = ""
    for word in words(text):
        if word not in STOP_WORDS or _is_letter(word, before):
            found.append((_numeral(word, before) if word[0] in "ivx" else None) or normal_form(word))
        before = word
    return found


def tokens_with_words(text: str) -> list[tuple[str, str]]:
    """Return (surface word, token) pairs of ``text``, stop words left out."""
    found = []
    before = ""
    for word in words(text):
        if word not in STOP_WORDS or _is_letter(word, before):
            found.append((word, _numeral(word, before) or normal_form(word)))
        before = word
    return found


def _is_letter(word: str, before: str) -> bool:
    return word == "a" and before in _LETTERED


def _numeral(word: str, before: str) -> str | None:
    numerals = _ROMAN_AFTER_NUMBERED if before in _NUMBERED else _ROMAN
    if word in numerals:
        return numerals[word]
    lettered = _ROMAN_LETTER.fullmatch(word)
    if lettered and (before in _NUMBERED or len(word) > 2):
        return _ROMAN_AFTER_NUMBERED[lettered.group(1)] + lettered.group(2)
    return None


@lru_cache(maxsize=65_536)
def normal_form(word: str) -> str:
    """Return the token of one folded word: American spelling, singular, no inflection.

    >>> [normal_form(w) for w in ("haemorrhages", "metastases", "bleeding", "thyroiditis", "diseases")]
    ['hemorrhag', 'metastasis', 'bleed', 'thyroiditis', 'diseas']
    """
    if word in _ORDINALS:
        return _ORDINALS[word]
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    exceptions = _exceptions()
    if word not in exceptions:
        word = american(singular(word))
    return uninflected(exceptions.get(word, word))


@cache
def _exceptions() -> dict[str, str]:
    return {row.word: row.form for row in word_forms()}


_OUR = re.compile(r"(?<=[bcdilmnv])our(?=$|ed$|al$|ing$|ation$|able$)")
_ISE = re.compile(r"(?<=[cdlmnprt])is(ations?|e|ed|er|ing)$")
_LYSE = re.compile(r"lys(e|ed|ing)$")
_RE = re.compile(r"(?<=[bt])re$")
_PLURALS = (
    ("stases", "stasis"),
    ("oses", "osis"),
    ("yses", "ysis"),
    ("theses", "thesis"),
    ("mata", "ma"),
    ("nges", "nx"),
)


def american_letters(word: str) -> str:
    """Return a word, or the beginning of one, in American letters, whatever its end.

    >>> american_letters("haemochr"), american_letters("oesoph")
    ('hemochr', 'esoph')
    """
    return word.replace("ae", "e").replace("oe", "e").replace("sulph", "sulf").replace("leuco", "leuko")


def american(word: str) -> str:
    """Return an English word in its American spelling."""
    if len(word) < 5:
        return word
    word = american_letters(word)
    word = _RE.sub("er", _LYSE.sub(r"lyz\1", _OUR.sub("or", word)))
    return _ISE.sub(r"iz\1", word) if len(word) >= 7 else word


def singular(word: str) -> str:
    """Return the singular of a word by its ending."""
    for ending, singular in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + singular
    if word.endswith("ae"):
        return word[:-1]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")) or (
        word.endswith("uses") and word[-5:-4] not in ("", "a", "o")
    ):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "as", "os")):
        return word[:-1]
    return word


_VOWELS = frozenset("aeiouy")


def uninflected(word: str) -> str:
    """Return a word without the ending of a verb."""
    for ending in ("ing", "ed"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 4 and _VOWELS.intersection(stem) and stem[-1] not in "eiou":
            doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem
    return word[:-1] if word.endswith("e") and len(word) >= 6 else word


class ClinicalTokenizer(Composable):
    """The chain as a Whoosh tokenizer, so that Whoosh's fields hold the same tokens as ours."""

    def __call__(self, value: str, **options: object) -> Iterator[Token]:
        token = Token(mode=str(options.get("mode", "")), boost=1.0, stopped=False)
        for position, text in enumerate(tokens(value)):
            token.text, token.pos = text, position
            yield token
