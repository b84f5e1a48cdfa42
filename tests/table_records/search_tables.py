"""How phrases are read by the tables of search: each row is asked for in the words it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.search_eval import written_phrases
from indexes.disk.word_forms import adjectives
from indexes.query.core import detail_words
from indexes.query.together import combinations
from indexes.text import tables
from indexes.text.alike import families, ways_to_say
from indexes.text.analysis import normal_form, tokens
from indexes.text.chart import ChartReading, ChartWord, read_chart
from indexes.text.context import lasts
from indexes.text.denial import signed_tokens
from indexes.text.derivation import derived_forms
from indexes.text.unsaid import as_commonly_said
from indexes.text.vocabulary import DrugWords, by_stem, find_rewritings, related_words
from tests.table_records.cells import cells

Lines = Iterator[tuple[str, str]]
_DRUGS = DrugWords(frozenset())
_STEM = "qvext"
"""Letters that begin no word: with an ending they are a made-up one."""
_UNSAID = (
    "Displaced fracture of head of left radius",
    "Fracture, traumatic, ankle",
    "Poisoning by insulin, accidental (unintentional), initial encounter",
    "Fall, accidental",
    "Accidental drowning",
    "Nondisplaced fracture of head of left radius",
    "Displaced pronged fruit",
)

_CHARTS = (
    "67 yo white male with asthma x 3 days",
    "54 M with cough for the past few weeks",
    "4-months-old girl, fever since yesterday, vomiting since last night",
    "headaches that started about 2 months ago, pain x 2 wks",
    "tired for months, in days",
    "ankle sprain, recheck in 2 weeks; f/u 3 months",
    "back pain, took ibuprofen 400 mg without relief, given naproxen",
    "metformin 500 mg po bid, insulin 10 mcg once a day",
    "bp 180/110 headache, temp of 38.5 and chills, spo2 88",
    "3 day history of sore throat",
    "sinusitis. will try saline, continue antibiotics; plan mri",
)


def shown(reading: ChartReading) -> str:
    """Return a reading as a line: its words, what holds of them, what was left out and what is denied."""
    words = " ".join(map(_word, reading.words))
    context = [] if reading.context is None else [reading.context.value]
    left_out = [f"({' '.join(reading.left_out)})"] if reading.left_out else []
    denied = [f"denies {' '.join(reading.denied)}"] if reading.denied else []
    return " ".join([words, *context, *left_out, *denied])


def _word(word: ChartWord) -> str:
    denied = "!" * bool(word.denied) + str(word.denied or "") + "-" * word.denies
    weight = "" if word.weight == 1 else f"*{word.weight:g}"
    return f"{denied}{word.token}{weight}"


def _read(phrase: str) -> str:
    return shown(read_chart(phrase, _DRUGS))


def rewritten(phrase: str) -> str:
    """Return the ways in which the words of a phrase are read otherwise, with how far each is trusted."""
    found = find_rewritings(tokens(phrase), past=True)
    return "; ".join(f"{r.reading} {r.trust:.4g}" for _, readings in found for r in readings)


def _meanings(table: partial[tuple[tables.Meaning, ...]]) -> Lines:
    for said in dict.fromkeys(row.said for row in table()):
        yield said, f"{rewritten(said)}{' (drug)' * all(t in _DRUGS for t in tokens(said))}"


def _families(table: partial[tuple[tables.Family, ...]]) -> Lines:
    related = related_words()
    for token in dict.fromkeys(t for row in table() for word in row.words for t in tokens(word)):
        yield token, " ".join(f"{other}*{fit:g}" for other, fit in related[token])


def _cues(rows: Sequence[tables.Filler | tables.Cue]) -> Lines:
    for row in rows:
        for said in ("{} gallstones", "gallstones {} fever and itching, jaundice"):
            phrase = said.format(" ".join(row.words))
            yield phrase, _read(phrase)


def _denials() -> Lines:
    for row in tables.denials():
        phrase = f"gallstones {' '.join(row.words)} fever of unknown origin and itching, jaundice"
        yield phrase, f"{' '.join(signed_tokens(phrase))} | {_read(phrase)}"
        if row.role == "test":
            behind = f"gallstones, {' '.join(row.words)} negative"
            yield behind, _read(behind)


def _endings() -> Lines:
    endings = [row.word for row in tables.derived_endings()]
    for ending in endings:
        for other in endings:
            forms = derived_forms(_STEM + ending, {normal_form(_STEM + other): 1})
            if forms:
                yield f"{_STEM}{ending} {_STEM}{other}", forms[0]


def _adjectives() -> Lines:
    for row in tables.adjective_endings():
        known = (f"{_STEM}{row.noun}", f"{_STEM}{row.adjective}")
        yield " ".join(known), " ".join(f"{noun} {adjective}" for noun, adjective in adjectives(known))


def _axes() -> Lines:
    for row in tables.axes():
        details = (f"{word}{'' if set(tokens(word)) <= detail_words() else '?'}" for word in row.words)
        yield row.axis, " ".join(details)


def _combinations() -> Lines:
    for combination in combinations():
        groups = " + ".join("/".join(sorted(group)) for group in combination.groups)
        yield groups, f"{combination.reading}: {' '.join(combination.meaning)}"


def _alike() -> Lines:
    for first, *others in families():
        for way in others:
            yield " ".join(way), rewritten(f"{' '.join(way)} qvext")
        yield " ".join(first), ", ".join(" ".join(way) for way in ways_to_say((*first, "qvext")))


def _levels() -> Lines:
    for row in tables.levels():
        ends = [end for end in (row.least, row.most) if end is not None]
        for name in row.names.split("/"):
            for said in (*(f"{lead} {name}" for lead in ("low", "high")), *_values(name, ends)):
                yield " ".join(said.split()), rewritten(said)


def _values(name: str, ends: Sequence[float]) -> Iterator[str]:
    """Yield a name with a value below, at and above what is normal."""
    for end in ends:
        yield from (f"{name} {end * by:.1f}" for by in (0.9, 1, 1.1))


def _stems() -> Lines:
    for row in tables.drug_stems():
        drug = f"{_STEM}{row.stem}"
        yield drug, "; ".join(f"{r.reading} {r.trust:g}" for r in by_stem((normal_form(drug),)))


def _noise() -> Lines:
    for row in tables.noise():
        yield row.what, "; ".join(m[0] for chart in _CHARTS for m in row.pattern.finditer(chart))


def _phrases() -> Lines:
    for phrase in dict.fromkeys(
        case.phrase for part in ("develop", "report") for case in written_phrases(part)
    ):
        otherwise = rewritten(phrase)
        yield phrase, f"{_read(phrase)}{' = ' * bool(otherwise)}{otherwise}"


def _others(table: partial[tuple[object, ...]]) -> Lines:
    """A table that nothing above asks for, as its rows are read."""
    for row in table():
        yield cells(row)


def sections() -> Mapping[str, Lines]:
    """Return what is asked of each table, and of the phrases of the evaluation, with the answers."""
    every = {table.args[0]: table for table in vars(tables).values() if isinstance(table, partial)}
    asked: dict[str, Lines] = {
        "alike.tsv": _alike(),
        "levels.tsv": _levels(),
        "abbreviations.tsv": _meanings(tables.abbreviations),
        "adjective_endings.tsv": _adjectives(),
        "axes.tsv": _axes(),
        "brands.tsv": _meanings(tables.brands),
        "chronic.tsv": ((r.word, str(lasts(tokens(r.word)))) for r in tables.lasting_diseases()),
        "combinations.tsv": _combinations(),
        "contexts.tsv": _cues(tables.contexts()),
        "denials.tsv": _denials(),
        "derived_endings.tsv": _endings(),
        "drug_stems.tsv": _stems(),
        "fillers.tsv": _cues(tables.fillers()),
        "lay_terms.tsv": _meanings(tables.lay_terms),
        "noise.tsv": _noise(),
        "procedures.tsv": _meanings(tables.procedures),
        "related_words.tsv": _families(tables.related_words),
        "stop_words.tsv": ((row.word, " ".join(tokens(row.word))) for row in tables.stop_words()),
        "unasked.tsv": ((" ".join(r.words), " ".join(tokens(" ".join(r.words)))) for r in tables.unasked()),
        "unsaid.tsv": ((title, "; ".join(as_commonly_said(title))) for title in _UNSAID),
        "word_families.tsv": _families(tables.word_families),
        "word_forms.tsv": ((row.word, normal_form(row.word)) for row in tables.word_forms()),
    }
    own = {name: asked.get(name) or _others(table) for name, table in every.items()}
    found: dict[str, Lines] = {f"indexes/text/tables/{name}": lines for name, lines in own.items()}
    return {**found, "bench/search_phrases.tsv": _phrases()}
