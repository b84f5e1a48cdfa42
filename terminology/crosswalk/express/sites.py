"""Where a condition is: the anatomy codes of a title's sites, where its stem does not say them.

An anatomy code has to agree with what the stem is about and says no whole beside its part; both sites are
said where a title joins two by *and*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.express.expression import Axes, Expression
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.assertions import joined
from terminology.crosswalk.read.facets import Facet, Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Names

# Parts of a bone or an organ that are called as a region of the body is: the head of the femur.
_PART = re.compile(r"\b(head|neck)(?= (?:and (?:head|neck) )?of\b)")
# A site that a title only counts to its own: the upper limb, including shoulder.
_INCLUDED = re.compile(r", including (.+)$")
_AND = re.compile(r"((?:[\w-]+ )?[\w-]+)(?:\(s\))? and ((?:[\w-]+ )?[\w-]+)")
# The first of two parts of one thing: upper and lower eyelid.
_ONE_OF_TWO = re.compile(r"\b(?:upper|lower|anterior|posterior|medial|lateral|proximal|distal)$")
_SPAN = re.compile(r"\b([tlcs]\d+)[-/]([tlcs]\d+)\b")
# Words of parts that many bones and organs have: they need the whole beside them.
PARTS_OF_MANY = frozenset(
    phrase("head neck shaft base body end part tip process surface lobe wall quadrant site").words
    | phrase("lower upper middle distal proximal other unspecified fracture injury").words
    | phrase("muscle tendon ligament fascia nerve artery vein vessel bone joint skin tissue").words
    | phrase("deep superficial acute epidermal system level region").words
)
# What a word before these is of is no site: mucosa-associated tissue.
_COMPOUND = re.compile(r"\b([a-z]+)-(?:associated|related|induced|mediated|derived)\b")
# A limb that a title tells after the bone or joint in it: fracture of radius, right arm.
_LIMBS = phrase("arm leg limb extremity").words
_JOINTS = frozenset({"knee", "hip", "shoulder", "elbow", "wrist", "ankle", "hand", "foot"})
_JOINT = frozenset({"joint", "arthritis", "osteoarthritis", "arthropathy", "synovitis"})

Pairs = tuple[tuple[frozenset[str], frozenset[str]], ...]
"""Things a title joins, as words."""


@dataclass(frozen=True, slots=True)
class _Sought:
    """The words of a title that may name a site, those unsaid, and those that name none alone."""

    allowed: frozenset[str]
    unsaid: frozenset[str]
    own: frozenset[str]
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Site:
    """An anatomy code, the words by which the title names it, and those it says."""

    code: str
    match: frozenset[str]
    words: frozenset[str]


class Sites:
    """Says sites by the anatomy codes of one target release."""

    def __init__(self, tabulation: Tabulation, names: Names, axes: Axes) -> None:
        self._tabulation = tabulation
        self._names = names
        self._axes = axes
        self._anatomy = ExtensionNames(tabulation, "anatomy")
        self.words = self._anatomy.words
        self._telling = self.words - PARTS_OF_MANY
        self._in_limbs = self._telling - _LIMBS
        self._sites_or_generic = self.words | GENERIC

    def says(self, words: frozenset[str], name: frozenset[str]) -> bool:
        """Whether an anatomy code whose words are among those of a name says these words of it."""
        return any(words <= match.name.words.words for match in self._anatomy.within(Phrase(name)))

    def add(self, made: Expression, reading: Reading) -> None:
        """Say the site the title names and the stem does not: both where the title joins two by *and*."""
        if any(c.startswith("XA") for c in made.codes):
            return
        made.words |= self._limb_of_part(reading)
        sought = self._sought(made, reading)
        if not sought.unsaid:
            return
        best = self._nearest_site(made, sought)
        if best is None or self._named_above(best.words, made.groups[0][0], reading.core.everything):
            return
        said = self._axes.said(made.codes)
        pairs = _joined_sites(reading.core_text)
        pairs += tuple((two, one) for one, two in pairs)
        if any(best.match <= two and one <= said for one, two in pairs):
            return  # the stem is of the one site, and is not of the other alone
        self._add_site(made, best)
        others = [
            two
            for one, two in pairs
            if one & best.match and not (two <= best.match if one & two else two & best.match)
        ]
        for words in others[:1]:
            second = self._nearest_site(made, replace(sought, unsaid=sought.unsaid & words - best.words))
            apart = second is not None and not {second.code, best.code} & {
                *self._tabulation.ancestors(best.code),
                *self._tabulation.ancestors(second.code),
            }
            if second is not None and apart:
                self._add_site(made, second)

    def _sought(self, made: Expression, reading: Reading) -> _Sought:
        """The words that may name the site of a condition, and those of them that its stem does not say."""
        stem = made.groups[0][0]
        axes, own = self._axes.of(stem)
        title = self._tabulation.title(stem)
        allowed = reading.site_words
        for facet in reading.clauses:
            words = facet.words.everything if facet.dimension == "cause" and facet.words is not None else None
            # the stem says the cause: what it leaves unsaid of the clause is where the condition is
            if words and ("cause-site" in axes or self._names.telling(words) & phrase(title).words):
                allowed |= words
            if facet.dimension == "complication" and facet.words and self.leaves_site(stem, facet):
                allowed |= facet.words.words
        unsaid = self._axes.unsaid(made, reading)
        if "joined-site" in axes:
            unsaid |= joined(title, reading.core.everything)
        said = self._axes.said(made.codes)
        unsaid = unsaid & allowed - own - self._wholes(reading.core_text, said)
        if said & _JOINT and allowed & _JOINTS:
            allowed |= {"joint"}
        included = _INCLUDED.search(reading.core_text)
        parts = frozenset(_PART.findall(reading.core_text))
        parts |= phrase(included[1]).words if included else frozenset()
        parts |= reading.core.optional - reading.core.words
        parts |= self._named_after(reading.core_text, said)
        parts |= frozenset(w for found in _COMPOUND.findall(reading.core_text) for w in phrase(found).words)
        return _Sought(allowed, unsaid, own, parts)

    def leaves_site(self, stem: str, clause: Facet) -> bool:
        """Whether a stem says all of a clause but where it is: the rheumatoid arthritis of a hand."""
        told = phrase(self._tabulation.title(stem)).everything
        own = clause.words.words if clause.words is not None else frozenset()
        telling = self._names.telling(own)
        return bool(telling & told) and own - told <= self._sites_or_generic

    def _limb_of_part(self, reading: Reading) -> frozenset[str]:
        """The limb a title tells in a clause of its own, where its head names a part of the limb."""
        named = reading.condition.words.words if reading.condition.words is not None else frozenset()
        if not named & self._in_limbs:
            return frozenset()
        told = (c.words.words for c in reading.clauses if c.dimension == "detail" and c.words is not None)
        return frozenset(w for words in told if words <= _LIMBS for w in words)

    def _named_after(self, text: str, said: frozenset[str]) -> frozenset[str]:
        """The words of parts that a title names with the organ its stem says: appendix testis is in it."""
        organs = self._anatomy.words & said - PARTS_OF_MANY
        pairs = (pair for clause in text.split(",") for pair in pairwise(clause.split()))
        return frozenset(part for part, organ in pairs if organ in organs and phrase(part).words == {part})

    def _wholes(self, text: str, said: frozenset[str]) -> frozenset[str]:
        """The words of a whole whose part is said: the tibia, where the stem says its medial malleolus."""
        found: set[str] = set()
        for part, whole in pairwise(text.split(" of ")):
            words, head = phrase(part).words, phrase(part).words & phrase(part.rpartition(" ")[2]).words
            if words <= said and head and head <= self._telling:
                found |= phrase(whole.split(",")[0]).words
        return frozenset(found)

    def _nearest_site(self, made: Expression, sought: _Sought) -> _Site | None:
        """The anatomy code that says most of what is unsaid of a site, near to what the stem is about."""
        stem, best = made.groups[0][0], None
        line = (stem, *self._tabulation.ancestors(stem))
        subject = frozenset(w for code in line for w in phrase(self._tabulation.title(code)).words)
        highest: tuple[float, int, int] | None = None
        for match in self._anatomy.within(Phrase(sought.allowed)):
            code, words = match.name.code, match.name.words.words
            gained = words & sought.unsaid
            told = words & sought.own or words <= sought.parts
            if not gained or told or not self._tabulation.allows(stem, code):
                continue
            title = phrase(self._tabulation.title(code)).words
            near = len(title & subject) or -len(title)
            rank = (self._names.total(gained) + 0.2 * ("joint" in words), len(words), near)
            if highest is None or rank > highest:
                highest, best = rank, _Site(code, words, self._anatomy.said(match.name))
        return best

    def _add_site(self, made: Expression, site: _Site) -> None:
        made.groups[0].append(site.code)
        made.words |= site.words
        detail = f"the site is said by {site.code} {self._tabulation.title(site.code)}"
        made.steps.append(Step("postcoordinate", detail, "ICD-11 chapter X, anatomy and topography"))

    def _named_above(self, site: frozenset[str], stem: str, mine: frozenset[str]) -> bool:
        """Whether the title of a category above a stem names a site: the stem then says it too.

        Not so where it is one of several sites that the title joins, and stems tell such sites apart.
        """
        above = (a for a in self._tabulation.ancestors(stem) if self._tabulation.is_stem(a))
        titles = [self._tabulation.title(code) for code in above]
        apart = self._axes.takes(stem, "joined-site")
        return any(site <= phrase(t).words - (joined(t, mine) if apart else frozenset()) for t in titles)


@lru_cache(maxsize=10_000)
def _joined_sites(text: str) -> Pairs:
    """The pairs of things a title joins, as words: ankle and foot, the vertebrae T7-T8."""
    found = [*_AND.findall(text), *_SPAN.findall(text)]
    whole = [
        (f"{one} {two.rpartition(' ')[2]}" if _ONE_OF_TWO.search(one) else one, two) for one, two in found
    ]
    return tuple((phrase(one).words, phrase(two).words) for one, two in whole)
