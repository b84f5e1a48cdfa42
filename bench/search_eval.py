"""Measures search on phrases that are not in the index, beside plain Whoosh, in one run.

    python -m bench.search_eval --bundle bundle [--seed 11] [--cases 1500] [--part report]
    python -m bench.search_eval --bundle bundle --as-built [--part report]

Kinds of phrases: terms of the Alphabetic Index (a seeded tenth is withheld from indexing), for ICD-11 too
where WHO maps their code; titles of foundation entities whose category WHO states (three tenths withheld),
and those that WHO maps to a code of ICD-10 that means the same in ICD-10-CM (a tenth); and the phrases of
``bench/search_phrases.tsv``, split once into a part to develop with and a part to report. A withheld
phrase whose words stand in the index under another name of the right code is left out. A result is right when
it is the expected code, or the group it is a variant of; where the index names a heading, any code under it.
The baseline is Whoosh as it comes: BM25F, an OR of the query's words over titles and inclusion terms.
With ``--as-built`` nothing is withheld or built: the written phrases are put to the bundle as users put them,
today.
"""

from __future__ import annotations

import argparse
import pickle
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from whoosh import fields, index, scoring
from whoosh.analysis.analyzers import StemmingAnalyzer
from whoosh.codec import whoosh3
from whoosh.qparser.default import MultifieldParser
from whoosh.qparser.syntax import OrGroup
from whoosh.query.terms import Term

from indexes.build import build_search_index
from indexes.documents.assemble import SearchInput, documents_of
from indexes.documents.bundle_input import read_search_input
from indexes.documents.document import SearchDocument, TermKind
from indexes.documents.foundation import same_meaning
from indexes.documents.index_terms import resolve, spoken
from indexes.on_day import search_on
from indexes.search import SearchIndex, open_search_index
from indexes.text.analysis import tokens
from terminology.bundle.manifest import SEARCH
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.mapping import MapTable
from terminology.systems import HCPCS, ICD10, ICD10CM, ICD11

PHRASES = Path(__file__).with_name("search_phrases.tsv")
DEPTH = 10
SEARCHED = (ICD10CM.id, ICD11.id, HCPCS.id)


@dataclass(frozen=True, slots=True)
class Case:
    """One phrase and the keys of the codes that are right for it."""

    system: str
    kind: str
    phrase: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Quality and latency over the cases of one kind."""

    cases: int
    recall1: float
    recall5: float
    recall10: float
    mrr: float
    p50_ms: float
    p95_ms: float


def withheld(given: SearchInput, seed: int) -> tuple[SearchInput, list[Case]]:
    """Take a seeded tenth of the index terms, and of the foundation titles more, out of ``given``."""
    chance = random.Random(seed)
    by_system = {e.release.system: e for e in given.editions}
    titles = {
        system: {code_key(c.code): c.title for c in by_system[system].concepts} if system in by_system else {}
        for system in (ICD10.id, ICD10CM.id)
    }
    keys = titles[ICD10CM.id].keys()
    same = {
        k for k, title in titles[ICD10.id].items() if k in keys and same_meaning(title, titles[ICD10CM.id][k])
    }
    mapped = {code_key(ten): eleven for ten, eleven in _categories(given).items()}
    cases = []
    kept_terms = []
    for entry in given.index_terms:
        found = (
            resolve(entry.code, keys, {})
            if entry.code and entry.column is None and "Index" in entry.book
            else None
        )
        if found is None or found[1] < 1.0 or "External" in entry.book or chance.random() >= 0.1:
            kept_terms.append(entry)
        else:
            phrase = spoken(entry).replace(",", "")
            cases.append(Case(ICD10CM.id, "index term", phrase, frozenset({found[0]})))
            if found[0] in same and found[0] in mapped:
                cases.append(Case(ICD11.id, "index term", phrase, frozenset({mapped[found[0]]})))
    places = _stated_categories(given)
    kept_rows = []
    other_chance = random.Random(seed)
    for row in given.mappings:
        key = places.get(row.source_uri or "") if row.table is MapTable.FOUNDATION_ELEVEN_TO_TEN else None
        if key is not None and not row.source_code and chance.random() < 0.3:
            cases.append(Case(ICD11.id, "foundation title", row.source_title, frozenset({key})))
        elif (
            row.table is MapTable.FOUNDATION_ELEVEN_TO_TEN
            and not row.source_code
            and other_chance.random() < 0.1
        ):
            ten = code_key(row.target or "")
            if ten in same:
                cases.append(Case(ICD10CM.id, "foundation title", row.source_title, frozenset({ten})))
        else:
            kept_rows.append(row)
    return replace(given, index_terms=kept_terms, mappings=kept_rows), cases


def _stated_categories(given: SearchInput) -> dict[str, str]:
    category = _categories(given)
    return {
        row.target_foundation_uri or row.target_uri or "": category[row.source_code]
        for row in given.mappings
        if row.table is MapTable.FOUNDATION_TEN_TO_ELEVEN
        and row.relation == "Equivalent"
        and row.source_code in category
    }


def _categories(given: SearchInput) -> dict[str, str]:
    return {
        row.source_code: code_key(row.target)
        for row in given.mappings
        if row.table is MapTable.TEN_TO_ELEVEN_ONE
        and row.source_code
        and row.target
        and "&" not in row.target
    }


def written_phrases(part: str) -> list[Case]:
    """Return the hand-written cases of a part: system, kind, phrase, right codes parted by ``|``."""
    cases = []
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            system, kind, phrase, codes, of_part, _ = line.split("\t")
            if of_part != part:
                continue
            cases.append(Case(system, kind, phrase, frozenset(code_key(c) for c in codes.split("|"))))
    return cases


def unseen(cases: Iterable[Case], documents: Iterable[SearchDocument]) -> Iterator[Case]:
    """Yield the cases whose words are not, as a whole, one term of the right code."""
    terms: dict[str, set[frozenset[str]]] = defaultdict(set)
    for document in documents:
        if document.system in SEARCHED:
            for text in (document.title, *(t.text for t in document.terms)):
                terms[f"{document.system} {document.key}"].add(frozenset(tokens(text)))
    for case in cases:
        words = frozenset(tokens(case.phrase))
        if words and not any(words in terms[f"{case.system} {key}"] for key in case.right):
            yield case


def build_baseline(documents: Iterable[SearchDocument], folder: Path) -> Callable[[str, str], list[str]]:
    """Index titles and inclusion terms with Whoosh as it comes; return its search."""
    # the plain index has records that ours has not; it was written a moment ago by this very process
    whoosh3.loads = pickle.loads  # type: ignore[attr-defined]
    text = fields.TEXT(analyzer=StemmingAnalyzer(), phrase=False)
    schema = fields.Schema(key=fields.STORED, system=fields.ID, title=text, terms=text)
    folder.mkdir(parents=True)
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=256)
    for document in documents:
        if document.system in SEARCHED:
            inclusion = " ".join(t.text for t in document.terms if t.kind is TermKind.INCLUSION)
            writer.add_document(
                key=document.key, system=document.system, title=document.title, terms=inclusion
            )
    writer.commit()
    searcher = made.searcher(weighting=scoring.BM25F())
    parser = MultifieldParser(["title", "terms"], schema, group=OrGroup, plugins=[])
    by_system = {s: Term("system", s) for s in SEARCHED}

    def search(phrase: str, system: str) -> list[str]:
        hits = searcher.search(parser.parse(phrase), limit=DEPTH, filter=by_system[system])
        return [hit["key"] for hit in hits]

    return search


def ours(opened: SearchIndex, store: Store | None = None) -> Callable[[str, str], list[str]]:
    """Return the search under test in the baseline's form; a group answers for each of its codes.

    With the ``store`` of a bundle it answers as a user is answered today, without codes that are not in use.
    """

    def search(phrase: str, system: str) -> list[str]:
        if store is None:
            found = opened.search(phrase, system=system, limit=DEPTH).results
        else:
            found = search_on(store, opened, phrase, system=system, limit=DEPTH).results
        return [f"{code_key(r.code)} {code_key(r.base)}" if r.base else code_key(r.code) for r in found]

    return search


def measure(
    cases: Sequence[Case], search: Callable[[str, str], list[str]], headings: frozenset[str]
) -> Score:
    """Run every case once and score it."""
    ranks, times = [], []
    for case in cases:
        start = perf_counter()
        found = search(case.phrase, case.system)
        times.append((perf_counter() - start) * 1000)
        ranks.append(
            next((n for n, keys in enumerate(found, 1) if _right(keys.split(), case.right, headings)), 0)
        )
    times.sort()
    count = len(ranks) or 1

    def recall(depth: int) -> float:
        return sum(0 < r <= depth for r in ranks) / count

    reciprocal = sum(1 / r for r in ranks if r) / count
    return Score(
        len(ranks),
        recall(1),
        recall(5),
        recall(10),
        reciprocal,
        times[len(times) // 2],
        times[int(len(times) * 0.95)],
    )


def _right(keys: Sequence[str], right: frozenset[str], headings: frozenset[str]) -> bool:
    return any(key in right or any(r in headings and key.startswith(r) for r in right) for key in keys)


def evaluate(given: SearchInput, seed: int, most: int, part: str, out: Callable[[str], None]) -> None:
    """Withhold, build both indexes, run all cases and write a table."""
    kept, cases = withheld(given, seed)
    documents = list(documents_of(kept))
    headings = frozenset(d.key for d in documents if d.system == ICD10CM.id and d.billable is False)
    chance = random.Random(seed)
    sampled = list(unseen(cases, documents))
    chance.shuffle(sampled)
    by_kind: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in (*sampled, *written_phrases(part)):
        if len(by_kind[case.system, case.kind]) < most:
            by_kind[case.system, case.kind].append(case)
    with tempfile.TemporaryDirectory() as folder:
        start = perf_counter()
        stats = build_search_index(documents, Path(folder) / "ours")
        out(f"built in {perf_counter() - start:.1f} s: {stats}")
        engines = {
            "plain Whoosh": build_baseline(documents, Path(folder) / "baseline"),
            "TenEleven": ours(open_search_index(Path(folder) / "ours")),
        }
        out("| system | kind of query | engine | cases | r@1 | r@5 | r@10 | MRR | p50 ms | p95 ms |")
        out("|---|---|---|---:|---:|---:|---:|---:|---:|---:|")
        for (system, kind), some in sorted(by_kind.items()):
            for name, search in engines.items():
                s = measure(some, search, headings)
                out(
                    f"| {system} | {kind} | {name} | {s.cases} | {s.recall1:.3f} | {s.recall5:.3f} "
                    f"| {s.recall10:.3f} | {s.mrr:.3f} | {s.p50_ms:.1f} | {s.p95_ms:.1f} |"
                )


def evaluate_as_built(bundle: Path, part: str, out: Callable[[str], None]) -> None:
    """Put the written phrases to a bundle's own index and write a table, a last row for all."""
    opened, store = open_search_index(bundle / SEARCH), Store(bundle)
    clinical = next(shard for shard in opened.shards if shard.system == ICD10CM.id)
    cards = (clinical.card(unit) for unit in range(len(clinical)))
    headings = frozenset(card.key for card in cards if card.billable is False)
    by_kind: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in written_phrases(part):
        by_kind[case.system, case.kind].append(case)
    out("| system | kind of query | cases | recall@1 | recall@10 | MRR |")
    out("|---|---|---:|---:|---:|---:|")
    every = [case for cases in by_kind.values() for case in cases]
    for (system, kind), cases in (*sorted(by_kind.items()), (("all", "all"), every)):
        s = measure(cases, ours(opened, store), headings)
        out(f"| {system} | {kind} | {s.cases} | {s.recall1:.3f} | {s.recall10:.3f} | {s.mrr:.3f} |")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation on a bundle."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--cases", type=int, default=1500, help="at most so many of each kind")
    parser.add_argument("--part", choices=("develop", "report"), default="report")
    parser.add_argument("--as-built", action="store_true", help="put the phrases to the bundle's own index")
    chosen = parser.parse_args(arguments)
    if chosen.as_built:
        evaluate_as_built(chosen.bundle, chosen.part, lambda line: print(line, flush=True))
        return 0
    given = read_search_input(chosen.bundle)
    evaluate(given, chosen.seed, chosen.cases, chosen.part, lambda line: print(line, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
