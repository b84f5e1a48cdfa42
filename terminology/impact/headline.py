"""The first page: ten sentences, each with the table its figures stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from terminology.impact.measures.losses import FACET_NAMES
from terminology.impact.measures.settings import TOO_FEW
from terminology.impact.table import Table, Value

ALL = "all settings"
_STEADY = 0.02
"""A series whose ratio is within this of 1 shows no break."""
_POINTS = 3
"""Precision in points of the sample that is named."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finding in words, and the id of the table its figures are from."""

    text: str
    table: str


def headline(tables: Sequence[Table], notices: Sequence[str]) -> tuple[Sentence, ...]:
    """Return the first page: what a decision needs, from the finished tables alone."""
    by_id = {table.id: table for table in tables}
    return (
        Sentence(_kept(by_id["kept"]), "kept"),
        Sentence(_lost(by_id["representation_by_chapter"], by_id["losses"]), "losses"),
        Sentence(_settings(by_id["settings"], by_id["kept"]), "settings"),
        Sentence(_series(by_id["comparability"], by_id.get("comparability_records")), "comparability"),
        Sentence(_payment(by_id["payment"], by_id.get("stays"), notices), "payment"),
        Sentence(_queries(by_id["documentation"]), "documentation"),
        Sentence(_lengths(by_id["lengths"]), "lengths"),
        Sentence(_training(by_id["workload"]), "workload"),
        Sentence(_sample(by_id["sample"]), "sample"),
        Sentence(_unsaid(by_id["accounted"], notices, records="comparability_records" in by_id), "accounted"),
    )


def _rows(table: Table, **where: Value) -> list[Mapping[str, Value]]:
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    return [row for row in rows if all(row.get(name) == value for name, value in where.items())]


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _words(value: Value) -> str:
    return str(value).replace("-", " ")


def _percent(value: Value) -> str:
    return f"{_number(value):.1%}"


def _count(value: Value) -> str:
    return f"{int(_number(value)):,}"


def _kept(table: Table) -> str:
    rows = _rows(table, scope=ALL)
    if not rows:
        return "No diagnosis has a place in the classification."
    row = rows[0]
    return (
        f"{_percent(row['kept share'])} of {_count(row['volume'])} diagnoses keep their whole meaning in "
        f"ICD-11 as the crosswalk judges ({_percent(row['kept, low'])} to {_percent(row['kept, high'])} by "
        f"its measured errors{_errs(row)}), {_percent(row['kept with encounter codes'])} if ICD-11's "
        f"encounter codes may say the 7th characters."
    )


def _errs(row: Mapping[str, Value]) -> str:
    """Say to which side the crosswalk errs, where its own share lies outside the range."""
    own = _number(row["kept share"])
    if own < _number(row["kept, low"]):
        return ": it is too strict"
    return ": it is too sure" if own > _number(row["kept, high"]) else ""


def _between(row: Mapping[str, Value], ends: str) -> str:
    return f"{_percent(row[f'{ends}, low'])} to {_percent(row[f'{ends}, high'])}"


def _lost(chapters: Table, losses: Table) -> str:
    ranked = sorted(_rows(chapters, scope=ALL), key=lambda r: -_number(r["volume not kept"]))
    named = [
        f"chapter {r['chapter']}, {r['title']} ({_count(r['volume not kept'])})"
        for r in ranked[:3]
        if _number(r["volume not kept"])
    ]
    facets = [
        f"{FACET_NAMES.get(str(r['facet']), r['facet'])} ({_percent(r['share of volume'])}; "
        f"{_between(r, 'share of volume')})"
        for r in _rows(losses, scope=ALL)[:3]
    ]
    if not facets:
        return "No facet of meaning is lost."
    return (
        f"Most diagnoses that lose meaning are in {'; '.join(named)}. "
        f"What is lost most is {', '.join(facets)}."
    )


def _settings(table: Table, kept: Table) -> str:
    rows = _rows(table)
    if not rows:
        return "The file has one care setting or none: settings are not compared."
    enough = {r[end] for r in rows for end in ("setting", "against") if r["differs"] != TOO_FEW}
    said = [
        f"{_words(r['scope'])} {_percent(r['kept share'])}"
        + (f" ({_between(r, 'kept')})" if r["scope"] in enough else "")
        for r in _rows(kept)
        if r["scope"] != ALL
    ]
    apart = [f"{_words(r['setting'])} and {_words(r['against'])}" for r in rows if r["differs"] == "yes"]
    says = f"apart beyond chance and measured error: {'; '.join(apart)}" if apart else _not_apart(rows)
    return f"By care setting the kept share is {', '.join(said)}; {says}."


def _not_apart(rows: Sequence[Mapping[str, Value]]) -> str:
    if all(row["differs"] == TOO_FEW for row in rows):
        return "they have too few codes to say how sure that is and whether they differ"
    return "no two of them differ beyond chance and measured error"


def _series(table: Table, records: Table | None) -> str:
    rows = _rows(table, scope=ALL)
    ratio, other = "ratio, main stem", "ratio, any member"
    breaks = [r for r in rows if abs(_number(r[ratio]) - 1) > _STEADY]
    more = [r for r in rows if abs(_number(r[other]) - 1) > _STEADY and r not in breaks]
    said = [
        f"{r['condition']} {_number(r[ratio]):.2f} ({_number(r[f'{ratio}, low']):.2f} to "
        f"{_number(r[f'{ratio}, high']):.2f}; {_number(r[other]):.2f} by any member of a cluster)"
        for r in breaks
    ]
    said += [f"{r['condition']} {_number(r[other]):.2f} by any member" for r in more]
    steady = f"{len(rows) - len(breaks)} of {len(rows)} watched conditions stay within 2 % by main stem code"
    text = f"{steady}; a time series would jump for {'; '.join(said)}." if said else f"{steady}."
    return text + ("" if records is None else _by_record(records))


def _by_record(table: Table) -> str:
    rows = _rows(table, scope=ALL)
    steady = sum(abs(_number(row["ratio, main stem"]) - 1) <= _STEADY for row in rows)
    return f" Counted by record, {steady} of {len(rows)} stay within 2 %."


def _why(scheme: str, notices: Sequence[str]) -> str:
    loaded = not any(f"no {scheme} table" in notice for notice in notices)
    return "the file has no inpatient stays" if loaded else f"the bundle has no {scheme} table"


def _payment(table: Table, stays: Table | None, notices: Sequence[str]) -> str:
    said = []
    for scheme, scope, name, unit in (
        ("MS-DRG", "inpatient", "CC/MCC", "relative weight"),
        ("CMS-HCC V28", ALL, "HCC", "risk factors"),
    ):
        for row in _rows(table, scheme=scheme, scope=scope, outcome="split lost"):
            net, gross = row["weight, net"], row["weight at stake, gross"]
            weights = (
                "" if gross is None else f", {unit} {_number(net):+,.0f} net of {_number(gross):,.0f} gross"
            )
            at_stake, part = _count(row["volume at stake"]), _percent(row["share at stake"])
            said.append(f"{at_stake} diagnoses ({part}) could no longer be told apart by {name}{weights}")
        if not _rows(table, scheme=scheme):
            said.append(f"what {name} tells apart could not be assessed ({_why(scheme, notices)})")
    said += [] if stays is None else [_stays(stays)]
    return f"{'; '.join(said)} (an indication, no grouper; no range is known)."


def _stays(table: Table) -> str:
    rows = {str(row["what"]): row for row in _rows(table)}
    count, moved = rows["inpatient stays"]["stays"], rows.get("in all, net", {})
    dollars = moved.get("dollars")
    money = "" if dollars is None else f", {_number(dollars):+,.0f} dollars net"
    return f"{_count(moved.get('stays'))} of {_count(count)} stays would change their CC/MCC level{money}"


def _queries(table: Table) -> str:
    totals = [r for r in _rows(table, scope=ALL) if r["code"] == "total"]
    first = [r for r in _rows(table, scope=ALL) if r["code"] != "total"][:3]
    if not totals or not first:
        return "No code leaves open what ICD-11 tells apart and a physician could answer."
    most = "; ".join(f"{r['code']} {r['title']} ({_count(r['volume'])})" for r in first)
    return (
        f"Physicians may have to be asked about {_count(totals[0]['volume'])} diagnoses "
        f"({_percent(totals[0]['share of volume'])}; {_between(totals[0], 'share of volume')} where coders "
        f"leave a code open), most of all {most}."
    )


def _lengths(table: Table) -> str:
    rows = {str(r["what"]): r for r in _rows(table, scope=ALL)}
    found = (
        rows.get(what, {})
        for what in ("longer than 7 characters", "longer than 30 characters", "more than one stem")
    )
    seven, thirty, second = (
        f"{_percent(row.get('share of volume'))} ({_between(row, 'share of volume')})" if row else "0.0%"
        for row in found
    )
    longest = table.note.split("Longest: ", 1)[-1].split(". Characters", 1)[0]
    return (
        f"{seven} of the expressions do not fit into 7 characters, {thirty} not into 30; "
        f"{second} have a second stem; the longest is {longest}."
    )


def _training(table: Table) -> str:
    said = [
        f"{_count(r['codes'])} codes cover {_number(r['level']):.0%}, "
        f"{_count(r['of them for dual coding'])} of them not one for one, with "
        f"{_percent(r['dual-coding share'])} ({_between(r, 'dual-coding share')}) of their diagnoses"
        for r in _rows(table, scope=ALL)[:2]
    ]
    return f"Training: {'; '.join(said)}."


def _sample(table: Table) -> str:
    row = next((r for r in _rows(table) if round(_number(r["precision (points)"])) == _POINTS), {})
    one, two = row.get("diagnoses, design effect 1"), row.get("diagnoses, design effect 2")
    return (
        f"To know the kept share for yourself within {_POINTS} points, people must code {_count(one)} "
        f"diagnoses twice "
        f"({_count(two)} where whole records are drawn); a list is drawn."
    )


def _unsaid(table: Table, notices: Sequence[str], *, records: bool) -> str:
    rows = {str(r["state"]): r for r in _rows(table, scope=ALL)}
    kinds = {"unknown": "unknown codes", "not in use": "codes not in use then", "not billable": "headings"}
    odd = [
        f"{_count(rows[state]['volume'])} diagnoses with {name}"
        for state, name in kinds.items()
        if _number(rows.get(state, {}).get("volume"))
    ]
    office = " Nothing is said of physician offices." if any("physician-office" in n for n in notices) else ""
    if not records:
        odd.append("what one record holds together, since counts by code know no records")
    said = "; ".join([*odd, "what payers will decide"])
    return f"What could not be said: {said}.{office}"
