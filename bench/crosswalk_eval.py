"""Measures the crosswalk engine against rows of WHO's tables it is not shown.

    python -m bench.crosswalk_eval --data DIR [--seed N] [--titles] [--full]

A seeded tenth of the ICD-10 codes that WHO's foundation table calls Equivalent is hidden: their rows leave
every table, both ways, and the engine has to find their target again from the rest; with ``--titles`` all
tables are hidden, and it has to find them from titles alone. ``--full`` builds the whole crosswalk as well,
for coverage and representation. The model of confidence is fitted by ``bench.fit.confidence_fit``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from bench.agreement import Agreement
from loaders.acquire.sources import Sources, gather
from loaders.files.reading import Reading
from loaders.library import read_library
from loaders.progress import Silent
from terminology.codes import code_key
from terminology.concept import Kind
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.engine import Engine, build_crosswalk
from terminology.crosswalk.judge.confidence import Evidence
from terminology.crosswalk.model import Crosswalk, Relationship
from terminology.edition import Library
from terminology.mapping import Mapping, MapTable, TargetKind
from terminology.systems import ICD10, ICD10CM, ICD11

FUNG_2021 = {"full": 0.235, "full-postcoordinated": 0.086}
_HIDDEN_SHARE = 0.1
_FORWARD = (
    MapTable.TEN_TO_ELEVEN_ONE,
    MapTable.TEN_TO_ELEVEN_MULTIPLE,
    MapTable.FOUNDATION_TEN_TO_ELEVEN,
)


@dataclass(frozen=True, slots=True)
class Trial(Agreement):
    """One hidden code: WHO's expression and the engine's, with what speaks for the engine's."""

    source: str
    truth: str
    found: str | None
    confidence: float
    evidence: Evidence | None = None

    @property
    def compared(self) -> tuple[str | None, str]:
        """The engine's expression and WHO's."""
        return self.found, self.truth


def read_corpus(data: Path, source: str | None = None, target: str | None = None) -> Corpus:
    """Read the release files of a folder into a corpus; the newest releases unless named otherwise."""
    files, _ = gather(Sources(data=data, offline=True), Silent())
    return corpus_of(read_library(Reading(files, Silent())), source, target)


def corpus_of(library: Library, source: str | None = None, target: str | None = None) -> Corpus:
    """Choose the releases of a library that a corpus is made of."""
    editions = {(e.release.system, e.release.id): e for e in library.in_order()}

    def choose(system: str, wanted: str | None) -> str:
        ids = [release for s, release in editions if s == system]
        return wanted if wanted is not None else ids[-1]

    ours, theirs = choose(ICD10CM.id, source), choose(ICD11.id, target)
    icd10 = [e for (system, _), e in editions.items() if system == ICD10.id]
    return Corpus(
        ours,
        editions[ICD10CM.id, ours].concepts,
        theirs,
        editions[ICD11.id, theirs].concepts,
        icd10[-1].concepts if icd10 else (),
        library.mappings,
        {r: e.concepts for (s, r), e in editions.items() if s == ICD11.id and r != theirs},
    )


def hide(corpus: Corpus, seed: int) -> tuple[Corpus, dict[str, str]]:
    """Return the corpus without a seeded tenth of the equivalent codes, and WHO's targets of those."""
    targets = equivalent_targets(corpus)
    drawn = random.Random(seed).sample(sorted(targets), round(len(targets) * _HIDDEN_SHARE))
    return without(corpus, drawn), {code: targets[code] for code in drawn}


def equivalent_targets(corpus: Corpus) -> dict[str, str]:
    """WHO's target of each source code that WHO's foundation table calls Equivalent."""
    equivalent = {
        row.source_code
        for row in corpus.mappings
        if row.table is MapTable.FOUNDATION_TEN_TO_ELEVEN and row.relation == "Equivalent"
    }
    whole = Engine(replace(corpus, source=()))
    targets: dict[str, str] = {}
    for concept in corpus.source:
        if concept.kind in (Kind.CATEGORY, Kind.CODE) and concept.code in equivalent:
            one, _ = whole.bases.targets(code_key(concept.code))
            if one is not None:
                targets[concept.code] = one.expression
    return targets


def without(corpus: Corpus, codes: Iterable[str]) -> Corpus:
    """Return the corpus without WHO's rows of some codes, both ways."""
    return replace(corpus, mappings=_without(corpus.mappings, {code_key(code) for code in codes}))


def _without(rows: Iterable[Mapping], hidden: set[str]) -> list[Mapping]:
    left: list[Mapping] = []
    for row in rows:
        if row.table in _FORWARD:
            if code_key(row.source_code or "") not in hidden:
                left.append(row)
        elif code_key(row.target or "") in hidden:
            left.append(replace(row, target=None, target_kind=TargetKind.BLANK))
        else:
            left.append(row)
    return left


def trials(corpus: Corpus, seed: int, titles_alone: bool = False) -> list[Trial]:
    """Let the engine recover the hidden targets, from titles alone if so said."""
    partial, hidden = hide(corpus, seed)
    return recover(Engine(replace(partial, mappings=()) if titles_alone else partial), hidden)


def recover(engine: Engine, truths: dict[str, str]) -> list[Trial]:
    """Let an engine answer codes whose expressions are known."""
    found: list[Trial] = []
    for code, truth in truths.items():
        target = engine.map(code).recommended
        sure = target.confidence if target is not None and target.confidence is not None else 0.0
        said = target.expression if target is not None else None
        found.append(Trial(code, truth, said, sure, engine.evidence(code)))
    return found


def relations(corpus: Corpus) -> Counter[tuple[str, str]]:
    """Compare the engine's relationship with the foundation table's Equivalent and Subclass, by code.

    Only codes whose titles agree in ICD-10 and ICD-10-CM: the table speaks of ICD-10.
    """
    engine = Engine(corpus)
    stated = {
        row.source_code: row.relation
        for row in corpus.mappings
        if row.table is MapTable.FOUNDATION_TEN_TO_ELEVEN and row.relation
    }
    counts: Counter[tuple[str, str]] = Counter()
    for concept in corpus.source:
        if concept.kind in (Kind.CATEGORY, Kind.CODE) and concept.code in stated and "." in concept.code:
            base = engine.bases.chain([concept])
            target = engine.map(concept.code).recommended
            if base and base[0].agreement > 0.99 and target is not None:
                same = target.relationship is Relationship.EQUIVALENT
                counts[str(stated[concept.code]), "equivalent" if same else "other"] += 1
    return counts


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def report_trials(found: Sequence[Trial], chapters: dict[str, str]) -> None:
    """Print agreement, calibration and the worst chapters of a set of trials."""
    n = len(found)
    print(f"withheld codes            {n}")
    print(f"answered                  {_share(sum(t.found is not None for t in found), n)}")
    print(f"right category            {_share(sum(t.category_agrees for t in found), n)}")
    print(f"right stem                {_share(sum(t.stem_agrees for t in found), n)}")
    print(f"exact expression          {_share(sum(t.exact for t in found), n)}")
    print("\nconfidence   targets   right stem")
    bins: dict[float, list[bool]] = defaultdict(list)
    for trial in found:
        bins[round(trial.confidence, 1)].append(trial.stem_agrees)
    for value in sorted(bins):
        print(f"{value:10.2f} {len(bins[value]):9d} {_share(sum(bins[value]), len(bins[value])):>12}")
    print("\nworst chapters (at least 10 withheld codes): chapter, codes, right stem")
    by_chapter: dict[str, list[bool]] = defaultdict(list)
    for trial in found:
        by_chapter[chapters[trial.source]].append(trial.stem_agrees)
    rows = [(sum(v) / len(v), c, len(v)) for c, v in by_chapter.items() if len(v) >= 10]
    for share, chapter, count in sorted(rows)[:6]:
        print(f"  {chapter:>4} {count:5d} {share:.3f}")


def report_full(crosswalks: Sequence[Crosswalk], billable: set[str], frequent: set[str]) -> None:
    """Print coverage and representation of a whole crosswalk, beside the study's figures."""
    codes = [c for c in crosswalks if c.source_code in billable]
    answered = sum(bool(c.targets) for c in codes)
    print(f"\nbillable codes {len(codes)}, with a target {_share(answered, len(codes))}")
    print("representation: of all billable codes, of the most frequent ones, Fung 2021")
    for name in ("full", "full-postcoordinated", "partial", "none"):
        often = [c for c in codes if c.source_code in frequent]
        everywhere = _share(sum(c.representation == name for c in codes), len(codes))
        frequently = _share(sum(c.representation == name for c in often), len(often))
        print(f"  {name:<22}{everywhere:>8}{frequently:>8}   {FUNG_2021.get(name, '')}")
    print("motifs:", dict(Counter(str(c.motif) for c in codes)))
    lost = Counter(f.partition("=")[0] for c in codes if c.targets for f in c.targets[0].facets_lost)
    print("facets lost:", dict(lost.most_common(12)))


def frequent_codes(data: Path, chapters: dict[str, str]) -> set[str]:
    """The most frequent codes that make 60 % of each chapter's volume, as the study chose its codes."""
    volumes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    by_key = {code_key(code): code for code in chapters}
    for path in sorted(data.rglob("*icd10cm_by_setting.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code = by_key.get(row.pop("code"))
                if code is not None:
                    volumes[chapters[code]].append((sum(int(v or 0) for v in row.values()), code))
    chosen: set[str] = set()
    for counted in volumes.values():
        total, running = sum(v for v, _ in counted), 0
        for volume, code in sorted(counted, reverse=True):
            chosen.add(code)
            running += volume
            if running > 0.6 * total:
                break
    return chosen


def chapters_of(corpus: Corpus) -> dict[str, str]:
    """The chapter of every category and code of the source release."""
    parents = {c.code: c.parent for c in corpus.source}
    found: dict[str, str] = {}
    for concept in corpus.source:
        if concept.kind in (Kind.CATEGORY, Kind.CODE):
            at = concept.code
            while (parent := parents.get(at)) is not None:
                at = parent
            found[concept.code] = at
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of release files")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--titles", action="store_true", help="hide all of WHO's tables")
    parser.add_argument("--full", action="store_true", help="build the whole crosswalk too")
    options = parser.parse_args(arguments)
    begun = perf_counter()
    corpus = read_corpus(options.data)
    chapters = chapters_of(corpus)
    print(f"ICD-10-CM {corpus.source_release} -> ICD-11 {corpus.target_release}, seed {options.seed}")
    found = trials(corpus, options.seed, options.titles)
    report_trials(found, chapters)
    counts = relations(corpus)
    print("\nrelationship against WHO's foundation table (codes with equal titles)")
    for relation in ("Equivalent", "Subclass"):
        total = counts[relation, "equivalent"] + counts[relation, "other"]
        print(
            f"  {relation:<11} {total:6d}, judged equivalent {_share(counts[relation, 'equivalent'], total)}"
        )
    if options.full:
        whole = list(build_crosswalk(corpus))
        billable = {c.code for c in corpus.source if c.billable}
        report_full(whole, billable, frequent_codes(options.data, chapters))
    print(f"\n{perf_counter() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
