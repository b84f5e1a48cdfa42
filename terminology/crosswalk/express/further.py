"""Further stems: what a clause, a history or a late effect says that is a condition of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.express.expression import Axes, Expression
from terminology.crosswalk.read.facets import Facet, Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase, word_form
from terminology.crosswalk.read.names import GENERIC, Match, Names

_HISTORY = re.compile(r"^personal history of (?:\(healed\) )?(.+)$")
_CLAUSE_FLOOR = 0.8
_PRECISE = 0.85
_DIABETES = word_form("diabetes")
# How titles tell that what a category is about has led to something.
_CAUSED = frozenset({word_form("induced")})


class FurtherStems:
    """Finds the further stems of one target release."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases, axes: Axes) -> None:
        self._tabulation = tabulation
        self._names = names
        self._axes = axes
        self._manifestations = dict(_manifestations(bases))
        self._further: dict[Phrase, str | None] = {}

    def leaves_sequel(self, made: Expression) -> bool:
        """Whether the stem says what has been, and what it has left behind follows."""
        return "sequel" in self._axes.of(made.groups[0][0])[0]

    def add_sequel(self, made: Expression, reading: Reading) -> None:
        """Add what an earlier condition has left behind: aphasia, where the stem says the stroke."""
        words = reading.condition.words
        follows = any(clause.dimension == "context" for clause in reading.clauses)
        if not self.leaves_sequel(made) or not follows or words is None or words.other:
            return
        stem = self._condition(words) or self._condition(phrase(reading.condition.value.split(" and ")[0]))
        if stem is not None:
            why = f"{reading.condition} is what is left: {stem} {self._tabulation.title(stem)}"
            made.join(stem, why, "ICD-11 title, joined by /")

    def add_past(self, made: Expression, reading: Reading) -> None:
        """Add what a history is of, where its stem does not say it and another stem does."""
        if "past" not in self._axes.of(made.groups[0][0])[0] or made.whole:
            return
        found = _HISTORY.match(reading.core_text)
        words = phrase(found[1]) if found else None
        if words is None or words.other or not words.words or words.words <= self._axes.said(made.codes):
            return
        stem = self._condition(words)
        if stem is not None:
            made.words |= words.words
            why = f"the history is of {stem} {self._tabulation.title(stem)}"
            made.join(stem, why, "ICD-11 title, joined by /")

    def add_clauses(self, made: Expression, reading: Reading) -> None:
        if len(made.groups) > 1 or made.whole:
            return
        if "further" not in self._axes.of(made.groups[0][0])[0]:
            return
        for facet in reading.clauses:
            if facet.dimension not in ("complication", "cause") or facet.words is None:
                continue
            kin = self._kin(made.groups[0][0], facet, reading)
            if kin is not None:
                if kin not in made.codes:
                    why = f"{facet} is said by {kin} {self._tabulation.title(kin)}, of the same category"
                    made.words |= facet.words.words | self._told(kin)
                    made.join(kin, why, "ICD-11 title, joined by /")
                continue
            said = self._axes.said(made.codes) | made.words
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
                if stem is None or stem in made.codes or self._is_above(stem, made.groups[0][0]):
                    continue
                by_table = self._manifestations.get(part.words) == stem
                where = "WHO table, ICD-10 code of that title" if by_table else "ICD-11 title"
                why = f"{facet} is a condition of its own: {stem} {self._tabulation.title(stem)}"
                made.join(stem, why, f"{where}, joined by /")

    def _joint_condition(self, clause: Facet, reading: Reading) -> Phrase | None:
        """A clause with one word of the condition, where a stem is named so: diabetes with foot ulcer.

        What is denied or comes with it right after belongs to it: ketoacidosis without coma.
        """
        condition, own = reading.condition.words, clause.words
        if condition is None or own is None:
            return None
        for further in _following(clause, reading):
            for word in ("", *sorted(condition.words)):
                words = Phrase(own.words | further | ({word} if word else set()))
                if (word or further) and any(n.entity is None for n in self._names.exact(words)):
                    return words
        return None

    def _kin(self, stem: str, clause: Facet, reading: Reading) -> str | None:
        """The stem of the same category that says a clause of a condition: cannabis-induced psychosis.

        A title of its own says what the clause and the clauses right after it add to the category. A clause
        that adds nothing to it is of the category's rest: another cannabis-induced disorder.
        """
        category, told = self._tabulation.category(stem), self._told(stem) | _CAUSED | GENERIC
        clause_words = clause.words
        if clause_words is None:
            return None
        own = clause_words.words - told
        if not own and clause_words.words & _CAUSED and clause_words.other:
            return self._tabulation.residual(category, "Y")
        members = [m for m in self._members(category) if not self._includes(m, category)]
        members = [m for m in members if m != stem and not self._is_above(m, stem)]
        for further in _following(clause, reading):
            for member in members:
                added = phrase(self._tabulation.title(member)).words - told
                if added and added == own | further - told:
                    return self._tabulation.residual(member, "Z") or member
        return None

    def _includes(self, member: str, category: str) -> bool:
        """Whether the title of a member says the category and more: it is no other thing beside it."""
        return phrase(self._tabulation.title(category)).words <= phrase(self._tabulation.title(member)).words

    def _is_above(self, other: str, stem: str) -> bool:
        """Whether a stem stands under another, or under that of which the other is a residual."""
        family = self._tabulation.concepts[other].parent if self._tabulation.is_residual(other) else other
        return family in self._tabulation.ancestors(stem)

    def _told(self, stem: str) -> frozenset[str]:
        """The words of the title of a stem's category."""
        return phrase(self._tabulation.title(self._tabulation.category(stem))).everything

    def _members(self, category: str) -> Iterator[str]:
        """The stems of a category that are no residuals, in the order of the tabulation."""
        for child in self._tabulation.children.get(category, ()):
            if self._tabulation.is_stem(child) and not self._tabulation.is_residual(child):
                yield child
                yield from self._members(child)

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
                    and "joins" in self._axes.of(code)[0]
                ):
                    residual = self._tabulation.residual(code, "Y") if words.other else None
                    known = residual or self._tabulation.residual(code, "Z") or code
                    break
            known = known or self._manifestations.get(words.words)
            self._further[words] = known
        return known


def _following(clause: Facet, reading: Reading) -> tuple[frozenset[str], ...]:
    """The words of what is denied or comes with a clause right after it, if anything, and none."""
    for after in reading.clauses[reading.clauses.index(clause) + 1 :][:1]:
        if after.words is not None and after.dimension in ("absence", "complication"):
            mark = "!" if after.dimension == "absence" else ""
            return frozenset(mark + word for word in after.words.words), frozenset()
    return (frozenset(),)


def _manifestations(bases: Bases) -> Iterator[tuple[frozenset[str], str]]:
    """Yield what WHO's asterisk codes of ICD-10 say, by its words, with the stem WHO's table gives it."""
    for key, title in bases.titles.items():
        named, found, _ = title.partition(" in diseases classified elsewhere")
        one = bases.targets(key)[0] if found else None
        if one is not None:
            yield phrase(named).words, one.stem
