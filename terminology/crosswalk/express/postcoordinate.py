"""What the stem leaves unsaid, said with extension codes and further stems.

Only meaning the titles of the expression do not carry already is added: laterality, anatomy, infectious
agent, substance, severity, course (``facets.tsv``, the extension codes' titles), and a complication that is
a condition of its own as a further stem. Which kinds of stem take which axis is in ``axes.tsv``; where the
ICD-API's postcoordination axes of a stem are loaded, they are obeyed too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.candidates.scoring import Candidate
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.express.companions import companions
from terminology.crosswalk.express.external import ExternalAspects
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.assertions import joined
from terminology.crosswalk.read.facets import Facet, FacetRule, Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase, read_table, word_form
from terminology.crosswalk.read.names import Match, Names

#: The sides each extension code of laterality says.
SIDE_CODES = {"XK9K": {"right"}, "XK8G": {"left"}, "XK9J": {"right", "left"}, "XK70": {"unilateral"}}
# Letters of ICD-10 whose titles name substances a patient took or met.
_SUBSTANCES = frozenset("TZ")
# Parts of a bone or an organ that are called as a region of the body is: the head of the femur.
_PART = re.compile(r"\b(head|neck)(?= (?:and (?:head|neck) )?of\b)")
# A site that a title only counts to its own: the upper limb, including shoulder.
_INCLUDED = re.compile(r", including (.+)$")
_HISTORY = re.compile(r"^personal history of (?:\(healed\) )?(.+)$")
_CLAUSE_FLOOR = 0.8
_PRECISE = 0.85
_DIABETES = word_form("diabetes")
_JOINT = frozenset({"joint", "arthritis", "osteoarthritis", "arthropathy", "synovitis"})


@dataclass(slots=True)
class Expression:
    """An expression under construction: groups of codes, and the steps that led to it.

    ``words`` are words its codes say beyond their titles: further names, the chapter's own subject.
    ``whole`` tells that the stem's title says the whole source title.
    """

    groups: list[list[str]]
    steps: list[Step] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    whole: bool = False

    @property
    def codes(self) -> list[str]:
        """All members in order."""
        return [code for group in self.groups for code in group]


class Postcoordinator:
    """Adds extension codes and further stems of one target release."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases) -> None:
        self._tabulation = tabulation
        self._names = names
        self._manifestations = dict(_manifestations(bases))
        self._anatomy = ExtensionNames(tabulation, "anatomy")
        self._named_axes = {axis: ExtensionNames(tabulation, axis) for axis in ("agent", "substance")}
        self._scopes = {
            scope: (frozenset(axes.split()), frozenset(own.split()))
            for scope, axes, own, *_ in read_table("axes.tsv")
        }
        self._external = ExternalAspects(tabulation)
        self._further: dict[Phrase, str | None] = {}

    def express(self, candidate: Candidate, reading: Reading, code: str) -> Expression:
        """Return the expression of a source title on a candidate's stem."""
        made = Expression([list(group) for group in candidate.groups])
        if made.groups[0][0] != candidate.stem:
            made.groups = [[candidate.stem]]
        # A side in a row is taken only where the title names it: WHO's rows name sides their code does not.
        foreign = {code for code, sides in SIDE_CODES.items() if not sides <= reading.sides}
        made.groups = [[c for c in group if c not in foreign] for group in made.groups]
        axes, own = self._scope(candidate.stem)
        made.words |= own | candidate.said
        if candidate.exact:
            made.whole = True
            made.words |= reading.core.words
        self._named(made, reading, "agent", "infectious agent")
        if code[:1] in _SUBSTANCES:
            self._named(made, reading, "substance", "substance")
        self._sequel(made, reading)
        self._past(made, reading)
        self._companion(made, reading, code)
        self._further_stems(made, reading)
        if "anatomy" in axes:
            self._site(made, reading)
        self._aspects(made, reading, code)
        sides = {f.value for f in reading.ruled if f.dimension == "laterality"}
        for facet in reading.ruled:
            if facet.dimension == "laterality" and len(sides) > 1:
                continue
            if facet.rule is not None and facet.rule.extensions:
                self._ruled(made, facet)
        made.groups = [[g[0], *sorted(self._narrowest(g[1:]))] for g in made.groups]
        return made

    def _narrowest(self, extensions: Sequence[str]) -> frozenset[str]:
        """Some extension codes without those above another of them: what is narrower says the wider too."""
        wider = {above for code in extensions for above in self._tabulation.ancestors(code)}
        return frozenset(extensions) - wider

    def _aspects(self, made: Expression, reading: Reading, code: str) -> None:
        """Add the aspects of an external cause to the first stem of its chapter."""
        group = next((g for g in made.groups if "external" in self._scope(g[0])[0]), None)
        if group is None:
            return
        for said in self._external.of(code, reading, self.said(made.codes) | made.words):
            if said.extension not in group and self._tabulation.allows(group[0], said.extension):
                group.append(said.extension)
                made.words |= said.words
                title = self._tabulation.title(said.extension)
                made.steps.append(Step("postcoordinate", f"{said.extension} {title}", said.source))

    def said(self, codes: Sequence[str]) -> frozenset[str]:
        """The words the titles of some codes say."""
        return frozenset(w for c in codes for w in phrase(self._tabulation.title(c)).everything)

    def says_site(self, words: frozenset[str], name: frozenset[str]) -> bool:
        """Whether an anatomy code whose words are among those of a name says these words of it."""
        return any(words <= match.name.words.words for match in self._anatomy.within(Phrase(name)))

    def _ruled(self, made: Expression, facet: Facet) -> None:
        rule = facet.rule
        if rule is None:
            return
        if all(map(self._tabulation.is_stem, rule.extensions)):
            self._beside(made, facet, rule)
            return
        if not all(map(self._tabulation.is_extension, rule.extensions)):
            return
        said = self.said(made.codes)
        spoken = {facet.value} if facet.dimension == "laterality" else phrase(facet.value).words
        if spoken & said:
            return
        groups = made.groups[::-1] if self._leaves_sequel(made) else made.groups
        for extension in rule.extensions:
            group = next((g for g in groups if self._takes(g[0], facet.dimension, extension)), None)
            if extension in made.codes or group is None:
                continue
            group.append(extension)
            title = self._tabulation.title(extension)
            made.steps.append(Step("postcoordinate", f"{facet} is said by {extension} {title}", rule.source))

    def _beside(self, made: Expression, facet: Facet, rule: FacetRule) -> None:
        """Add the stems that say a facet: how a fracture has healed."""
        for stem in rule.extensions:
            if stem not in made.codes:
                self._join(
                    made, stem, f"{facet} is said by {stem} {self._tabulation.title(stem)}", rule.source
                )

    def _unsaid(self, made: Expression, reading: Reading) -> frozenset[str]:
        said = self.said(made.codes) | made.words
        return frozenset(w for w in reading.core.everything if w not in said and not w.startswith("!"))

    def _takes(self, stem: str, dimension: str, extension: str) -> bool:
        return dimension in self._scope(stem)[0] and self._tabulation.allows(stem, extension)

    def _scope(self, stem: str) -> tuple[frozenset[str], frozenset[str]]:
        """The axes a stem takes, and the words its group says by itself: the eye in diseases of the eye."""
        prefixes = (stem[:n] for n in range(len(stem), 1, -1))
        scope = next((p for p in prefixes if p in self._scopes), self._tabulation.chapter(stem))
        return self._scopes.get(scope, (frozenset(), frozenset()))

    def _site(self, made: Expression, reading: Reading) -> None:
        if any(c.startswith("XA") for c in made.codes):
            return
        stem = made.groups[0][0]
        allowed = reading.site_words
        if "cause-site" in self._scope(stem)[0]:
            causes = [f.words for f in reading.clauses if f.dimension == "cause" and f.words is not None]
            allowed = allowed.union(*(words.everything for words in causes))
        unsaid = self._unsaid(made, reading)
        if "joined-site" in self._scope(stem)[0]:
            unsaid |= joined(self._tabulation.title(stem), reading.core.everything)
        own = self._scope(stem)[1]
        unsaid = unsaid & allowed - own
        if not unsaid:
            return
        said = self.said(made.codes)
        if said & _JOINT and allowed & {"knee", "hip", "shoulder", "elbow", "wrist", "ankle", "hand", "foot"}:
            allowed = allowed | {"joint"}
        included = _INCLUDED.search(reading.core_text)
        parts = frozenset(_PART.findall(reading.core_text))
        parts |= phrase(included[1]).words if included else frozenset()
        best: tuple[float, int, str] | None = None
        words_of: dict[str, frozenset[str]] = {}
        for match in self._anatomy.within(Phrase(frozenset(allowed))):
            words = match.name.words.words
            gained = words & unsaid
            told = words & own or words <= parts
            if not gained or told or not self._tabulation.allows(stem, match.name.code):
                continue
            words_of[match.name.code] = self._anatomy.said(match.name)
            rank = (self._names.total(gained) + 0.2 * ("joint" in words), len(words), match.name.code)
            if best is None or rank[:2] > best[:2]:
                best = rank
        if best is not None and not self._named_above(words_of[best[2]], stem, reading.core.everything):
            code = best[2]
            made.groups[0].append(code)
            made.words |= words_of[code]
            detail = f"the site is said by {code} {self._tabulation.title(code)}"
            made.steps.append(Step("postcoordinate", detail, "ICD-11 chapter X, anatomy and topography"))

    def _named_above(self, site: frozenset[str], stem: str, mine: frozenset[str]) -> bool:
        """Whether the title of a category above a stem names a site: the stem then says it too.

        Not so where it is one of several sites that the title joins, and stems tell such sites apart.
        """
        above = (a for a in self._tabulation.ancestors(stem) if self._tabulation.is_stem(a))
        titles = [self._tabulation.title(code) for code in above]
        apart = "joined-site" in self._scope(stem)[0]
        return any(site <= phrase(t).words - (joined(t, mine) if apart else frozenset()) for t in titles)

    def _named(self, made: Expression, reading: Reading, axis: str, what: str) -> None:
        """Add the extension code of an axis that the title names, to the first group that takes it."""
        taking = [g for g in made.groups if axis in self._scope(g[0])[0]]
        group = next((g for g in taking if "cause" in self._scope(g[0])[0]), next(iter(taking), None))
        if group is None:
            return
        extension = self._named_axes[axis]
        given = [code for code in group if extension.holds(code)]
        core = reading.core.everything
        if any(phrase(self._tabulation.title(code)).words <= core for code in given):
            return
        unsaid = self._unsaid(made, reading)
        # what the stem says of all substances, as drug, may stand in a name too
        matches = [
            m
            for m in extension.within(Phrase(frozenset(w for w in core if not w.startswith("!"))))
            if m.name.words.words & unsaid and self._tabulation.allows(group[0], m.name.code)
        ]
        if not matches:
            return
        best = max(
            matches,
            key=lambda m: (
                self._names.total(m.name.words.words & unsaid),
                m.name.source != "title",
                -len(m.name.words.optional - core),
                -len(m.name.code),
                m.name.code,
            ),
        )
        if best.name.code in made.codes:
            return
        # The title names another than WHO's row for the whole group of codes.
        group[:] = [code for code in group if code not in given] + [best.name.code]
        made.words |= extension.said(best.name)
        title = self._tabulation.title(best.name.code)
        detail = f"the {what} is said by {best.name.code} {title}"
        made.steps.append(Step("postcoordinate", detail, f"ICD-11 chapter X, {what}"))

    def _sequel(self, made: Expression, reading: Reading) -> None:
        """Add what an earlier condition has left behind: aphasia, where the stem says the stroke."""
        words = reading.condition.words
        follows = any(clause.dimension == "context" for clause in reading.clauses)
        if not self._leaves_sequel(made) or not follows or words is None or words.other:
            return
        stem = self._condition(words) or self._condition(phrase(reading.condition.value.split(" and ")[0]))
        if stem is not None:
            why = f"{reading.condition} is what is left: {stem} {self._tabulation.title(stem)}"
            self._join(made, stem, why, "ICD-11 title, joined by /")

    def _past(self, made: Expression, reading: Reading) -> None:
        """Add what a history is of, where its stem does not say it and another stem does."""
        if "past" not in self._scope(made.groups[0][0])[0] or made.whole:
            return
        found = _HISTORY.match(reading.core_text)
        words = phrase(found[1]) if found else None
        if words is None or words.other or not words.words or words.words <= self.said(made.codes):
            return
        stem = self._condition(words)
        if stem is not None:
            made.words |= words.words
            why = f"the history is of {stem} {self._tabulation.title(stem)}"
            self._join(made, stem, why, "ICD-11 title, joined by /")

    def _companion(self, made: Expression, reading: Reading, code: str) -> None:
        """Add the further stems that go with a source code and its title."""
        for companion in companions(code, reading):
            stem = companion.stem
            if self._tabulation.is_stem(stem) and stem not in made.codes:
                made.words |= companion.said
                why = f"the title says {stem} {self._tabulation.title(stem)} too"
                self._join(made, stem, why, companion.source)

    @staticmethod
    def _join(made: Expression, stem: str, why: str, source: str) -> None:
        """Add a further stem after ``/``."""
        made.groups.append([stem])
        made.steps.append(Step("postcoordinate", why, source))

    def _leaves_sequel(self, made: Expression) -> bool:
        return "sequel" in self._scope(made.groups[0][0])[0]

    def _further_stems(self, made: Expression, reading: Reading) -> None:
        if len(made.groups) > 1 or made.whole:
            return
        if "further" not in self._scope(made.groups[0][0])[0]:
            return
        for facet in reading.clauses:
            if facet.dimension not in ("complication", "cause") or facet.words is None:
                continue
            said = self.said(made.codes) | made.words
            unsaid = frozenset(w for w in facet.words.words if not w.startswith("!")) - said
            weight = self._names.total(facet.words.words)
            if not unsaid or self._names.total(unsaid) < max(0.25, 0.5 * weight):
                continue
            parts = [facet.words]
            joint = self._joint_condition(facet, reading)
            if joint is not None:
                parts = [joint]
            elif self._condition(facet.words) is None:
                parts = [phrase(part) for part in facet.value.split(" and ")]
            for part in parts:
                stem = self._condition(part)
                if stem is None or stem in made.codes:
                    continue
                by_table = self._manifestations.get(part.words) == stem
                where = "WHO table, ICD-10 code of that title" if by_table else "ICD-11 title"
                why = f"{facet} is a condition of its own: {stem} {self._tabulation.title(stem)}"
                self._join(made, stem, why, f"{where}, joined by /")

    def _joint_condition(self, clause: Facet, reading: Reading) -> Phrase | None:
        """A clause with one word of the condition, where a stem is named so: diabetes with foot ulcer.

        What is denied or comes with it right after belongs to it: ketoacidosis without coma.
        """
        condition, own = reading.condition.words, clause.words
        if condition is None or own is None:
            return None
        following: frozenset[str] = frozenset()
        for after in reading.clauses[reading.clauses.index(clause) + 1 :][:1]:
            if after.words is not None and after.dimension in ("absence", "complication"):
                mark = "!" if after.dimension == "absence" else ""
                following = frozenset(mark + word for word in after.words.words)
        for further in (following, frozenset()) if following else (frozenset(),):
            for word in ("", *sorted(condition.words)):
                words = Phrase(own.words | further | ({word} if word else set()))
                if (word or further) and any(n.entity is None for n in self._names.exact(words)):
                    return words
        return None

    def _condition(self, phrased: Phrase) -> str | None:
        """The stem that says a clause, whose words its name must meet nearly all."""
        found = self._stem_named(phrased)
        if found is None and _DIABETES in phrased.words:
            found = self._stem_named(Phrase(phrased.words - {_DIABETES}, phrased.optional))
        return found

    def _meets_title(self, words: Phrase, match: Match) -> bool:
        """Whether a name is the code's title or shares a telling word with it."""
        title = phrase(self._tabulation.title(match.name.code)).everything
        return match.name.entity is None or bool(self._names.telling(words.words) & title)

    def _stem_named(self, words: Phrase) -> str | None:
        known = self._further.get(words, "")
        if known == "":
            known = None
            for match in self._names.search(words, 6):
                code = match.name.code
                if match.name.words.other or not self._meets_title(words, match):
                    continue
                if (
                    match.score >= _CLAUSE_FLOOR
                    and match.precision > _PRECISE
                    and "joins" in self._scope(code)[0]
                ):
                    residual = self._tabulation.residual(code, "Z")
                    known = residual or code
                    break
            known = known or self._manifestations.get(words.words)
            self._further[words] = known
        return known


def _manifestations(bases: Bases) -> Iterator[tuple[frozenset[str], str]]:
    """Yield what WHO's asterisk codes of ICD-10 say, by its words, with the stem WHO's table gives it."""
    for key, title in bases.titles.items():
        named, found, _ = title.partition(" in diseases classified elsewhere")
        one = bases.targets(key)[0] if found else None
        if one is not None:
            yield phrase(named).words, one.stem
