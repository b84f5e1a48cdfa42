"""What the stem leaves unsaid, said with extension codes and further stems.

Only meaning the titles of the expression do not carry already is added: laterality, anatomy, infectious
agent, substance, severity, course (``facets.tsv``, the extension codes' titles), and a complication that is
a condition of its own as a further stem. Which kinds of stem take which axis is in ``axes.tsv``; where the
ICD-API's postcoordination axes of a stem are loaded, they are obeyed too.
"""

from __future__ import annotations

from collections.abc import Sequence

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.express.companions import companions
from terminology.crosswalk.express.expression import Axes, Expression
from terminology.crosswalk.express.external import ExternalAspects
from terminology.crosswalk.express.further import FurtherStems
from terminology.crosswalk.express.laterality import SIDE_CODES, Laterality, names_side
from terminology.crosswalk.express.sites import Sites
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Facet, FacetRule, Reading, read_title
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import Names
from terminology.mapping import Mapping

# Letters of ICD-10 whose titles name substances a patient took or met.
_SUBSTANCES = frozenset("TZ")


class Postcoordinator:
    """Adds extension codes and further stems of one target release."""

    def __init__(
        self, tabulation: Tabulation, names: Names, bases: Bases, mappings: Sequence[Mapping] = ()
    ) -> None:
        self._tabulation = tabulation
        self._names = names
        self._axes = Axes(tabulation)
        self.sites = Sites(tabulation, names, self._axes)
        self._further = FurtherStems(tabulation, names, bases, self._axes)
        self._named_axes = {axis: ExtensionNames(tabulation, axis) for axis in ("agent", "substance")}
        self._external = ExternalAspects(tabulation)
        self._laterality = Laterality(tabulation, names, mappings)

    def express(self, candidate: Candidate, reading: Reading, code: str) -> Expression:
        """Return the expression of a source title on a candidate's stem."""
        made = Expression([list(group) for group in candidate.groups])
        if made.groups[0][0] != candidate.stem:
            made.groups = [[candidate.stem]]
        # A side in a row is taken only where the title names it: WHO's rows name sides their code does not.
        made.groups = [[c for c in group if names_side(c, reading.sides)] for group in made.groups]
        axes, own = self._axes.of(candidate.stem)
        made.words |= own | candidate.said
        if candidate.exact:
            made.whole = True
            made.words |= reading.core.words
        self._named(made, reading, "agent", "infectious agent")
        if code[:1] in _SUBSTANCES:
            self._named(made, reading, "substance", "substance")
        self._further.add_sequel(made, reading)
        self._further.add_past(made, reading)
        self._companion(made, reading, code)
        self._further.add_clauses(made, reading)
        if "anatomy" in axes:
            self.sites.add(made, reading)
        self._clause_sites(made, reading, code)
        self._aspects(made, reading, code)
        sides = {f.value for f in reading.ruled if f.dimension == "laterality"}
        for facet in reading.ruled:
            if facet.dimension == "laterality" and len(sides) > 1:
                continue
            if facet.rule is not None and facet.rule.extensions:
                self._ruled(made, facet, reading)
        made.groups = [[g[0], *sorted(self._narrowest(g[1:]))] for g in made.groups]
        self._mark_optional(made)
        return made

    def sayable(self, stem: str, reading: Reading) -> frozenset[str]:
        """The words of a source that extension codes of a stem can say: sites, the values of its facets."""
        axes = self._axes.of(stem)[0]
        ruled = (f for f in reading.ruled if f.rule is not None and f.rule.extensions and f.dimension in axes)
        words = frozenset(w for f in ruled for w in phrase(f.value).words)
        return words | (self.sites.words if "anatomy" in axes else frozenset())

    def _mark_optional(self, made: Expression) -> None:
        """Mark the sides that nothing of WHO's shows their stem to take."""
        for group in made.groups:
            stem, *extensions = group
            sides = [code for code in extensions if code in SIDE_CODES]
            if sides and not self._laterality.bears_side(group):
                made.optional |= {(stem, code) for code in sides}
                detail = f"the side is optional: no row or title of WHO's shows that {stem} takes one"
                made.steps.append(Step("postcoordinate", detail, "WHO tables and ICD-11 titles"))

    def _narrowest(self, extensions: Sequence[str]) -> frozenset[str]:
        """Some extension codes without those above another of them: what is narrower says the wider too."""
        wider = {above for code in extensions for above in self._tabulation.ancestors(code)}
        return frozenset(extensions) - wider

    def _aspects(self, made: Expression, reading: Reading, code: str) -> None:
        """Add the aspects of an external cause to the first stem of its chapter."""
        group = next((g for g in made.groups if "external" in self._axes.of(g[0])[0]), None)
        if group is None:
            return
        for said in self._external.of(code, reading, self._axes.said(made.codes) | made.words):
            if said.extension not in group and self._tabulation.allows(group[0], said.extension):
                group.append(said.extension)
                made.words |= said.words
                title = self._tabulation.title(said.extension)
                made.steps.append(Step("postcoordinate", f"{said.extension} {title}", said.source))

    def _clause_sites(self, made: Expression, reading: Reading, code: str) -> None:
        """Say the site that a clause names with the further stem that says the clause."""
        for group in made.groups[1:]:
            if "anatomy" not in self._axes.of(group[0])[0]:
                continue
            for clause in reading.clauses:
                if clause.dimension == "complication" and self.sites.leaves_site(group[0], clause):
                    part = Expression([group])
                    self.sites.add(part, read_title(clause.value, code))
                    made.words |= part.words
                    made.steps += part.steps
                    break

    def _of_side(self, groups: list[list[str]], reading: Reading, side: str) -> list[list[str]]:
        """Some groups, those first that say the clause in which the title names a side."""
        before, _, after = reading.title.lower().partition(side)
        _, found, clause = before.rpartition(" with ")
        if not found or "," in clause or len(groups) == 1:
            return groups
        own = self._names.telling(phrase(clause + after).words)
        return sorted(groups, key=lambda g: own.isdisjoint(phrase(self._tabulation.title(g[0])).everything))

    def _ruled(self, made: Expression, facet: Facet, reading: Reading) -> None:
        rule = facet.rule
        if rule is None:
            return
        if all(map(self._tabulation.is_stem, rule.extensions)):
            self._beside(made, facet, rule)
            return
        if not all(map(self._tabulation.is_extension, rule.extensions)):
            return
        said = self._axes.said(made.codes)
        spoken = {facet.value} if facet.dimension == "laterality" else phrase(facet.value).words
        if spoken & said:
            return
        groups = made.groups[::-1] if self._further.leaves_sequel(made) else made.groups
        if facet.dimension == "laterality":
            groups = self._of_side(groups, reading, facet.value)
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
                made.join(stem, f"{facet} is said by {stem} {self._tabulation.title(stem)}", rule.source)

    def _takes(self, stem: str, dimension: str, extension: str) -> bool:
        return dimension in self._axes.of(stem)[0] and self._tabulation.allows(stem, extension)

    def _named(self, made: Expression, reading: Reading, axis: str, what: str) -> None:
        """Add the extension code of an axis that the title names, to the first group that takes it."""
        taking = [g for g in made.groups if axis in self._axes.of(g[0])[0]]
        group = next((g for g in taking if "cause" in self._axes.of(g[0])[0]), next(iter(taking), None))
        if group is None:
            return
        extension = self._named_axes[axis]
        given = [code for code in group if extension.holds(code)]
        core = reading.core.everything
        if any(phrase(self._tabulation.title(code)).words <= core for code in given):
            return
        unsaid = self._axes.unsaid(made, reading)
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

    def _companion(self, made: Expression, reading: Reading, code: str) -> None:
        """Add the further stems that go with a source code and its title."""
        for companion in companions(code, reading):
            stem = companion.stem
            if self._tabulation.is_stem(stem) and stem not in made.codes:
                made.words |= companion.said
                why = f"the title says {stem} {self._tabulation.title(stem)} too"
                made.join(stem, why, companion.source)
