"""The cluster builder: a stem, extension codes found by searching, and what the expression is worth."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from indexes.on_day import search_on
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.crosswalk.crosswalks import SourceCode, sources_of
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.cluster import ClusterReport, ClusterVocabulary, describe, validate
from terminology.concept import Kind
from terminology.systems import ICD10CM, ICD11
from web.opened import opened
from web.pages.parts.frame import asked_day, page

_FOUND = 30
_READ = 300
_EXTENSIONS = "X"

builder = Blueprint("builder", __name__)


@builder.get("/builder")
def show() -> Response:
    """Answer with the builder for ``expression``; ``q`` searches what to add, ``axis`` narrows it."""
    store = opened().store
    expression = request.args.get("expression", "").strip()
    day = asked_day()
    release = store.release(ICD11.id, request.args.get("release") or None, day).release.id
    vocabulary = cluster_vocabulary(store, release)
    report = validate(expression, vocabulary) if expression else None
    adds = request.args.get("adds", "extension") if expression else "stem"
    query, axis = request.args.get("q", "").strip(), request.args.get("axis", "")
    return page(
        "builder.html",
        "partials/built.html",
        expression=expression,
        report=report,
        words=describe(report.parsed, vocabulary) if report and report.parsed and report.valid else "",
        parts=_parts(report, vocabulary) if report else [],
        axes=_axes(store, release),
        required=_required(report, vocabulary) if report else [],
        adds="stem" if adds == "stem" else "extension",
        query=query,
        axis=axis,
        offered=_offered(store, release, "stem" if adds == "stem" else "extension", query, axis, expression),
        sources=_sources(store, report, day or date.today()),
        release=release,
        kept={"date": day.isoformat() if day else None, "release": request.args.get("release") or None},
    )


def _parts(report: ClusterReport, vocabulary: ClusterVocabulary) -> list[dict[str, Any]]:
    """The members with their titles, each with the expression that is left without it."""
    if report.parsed is None:
        return []
    groups = [[g.stem, *g.extensions] for g in report.parsed.groups]
    parts = []
    for number, group in enumerate(groups):
        for place, code in enumerate(group):
            left = [list(g) for g in groups]
            if place:
                left[number].pop(place)
            else:
                left.pop(number)
            concept = vocabulary.concepts.get(code.replace(".", ""))
            parts.append(
                {
                    "code": code,
                    "title": concept.title if concept else "not in this release",
                    "stem": place == 0,
                    "without": "/".join("&".join(g) for g in left),
                }
            )
    return parts


def _required(report: ClusterReport, vocabulary: ClusterVocabulary) -> list[dict[str, Any]]:
    """The postcoordination axes of the stems, where the bundle has them."""
    if report.parsed is None:
        return []
    concepts = (vocabulary.concepts.get(g.stem.replace(".", "")) for g in report.parsed.groups)
    return [{"stem": c.code, "axis": a.axis, "required": a.required} for c in concepts if c for a in c.axes]


@kept_with_bundle(maxsize=4)
def _axes(store: Store, release: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Code and title of the groups of extension codes below chapter X, each with the groups inside it."""
    if not store.has(ICD11.id, _EXTENSIONS, release):
        return []
    groups = _groups(store, release, _EXTENSIONS)
    return [(code, title, _groups(store, release, code)) for code, title in groups]


def _groups(store: Store, release: str, above: str) -> list[tuple[str, str]]:
    below = store.children(store.concept(ICD11.id, above, release), 100).items
    return [(c.code, c.title) for c in below if c.kind == Kind.BLOCK and c.children_count]


@kept_with_bundle(maxsize=64)
def _inside(store: Store, release: str, axis: str) -> dict[str, str]:
    """Title by code of the extension codes of a group, in WHO's order."""
    below = store.descendants(store.concept(ICD11.id, axis, release), 20_000).items
    return {c.code: c.title for c in below if c.kind == Kind.EXTENSION}


def _offered(
    store: Store, release: str, adds: str, query: str, axis: str, expression: str
) -> list[tuple[str, str, str]]:
    """``(code, title, the expression with it)`` of what fits the query, at most thirty."""
    inside = _inside(store, release, axis) if axis and adds == "extension" else None
    if query:
        kind = Kind.EXTENSION if adds == "extension" else Kind.STEM
        limit = _READ if inside is not None else _FOUND
        index = opened().searchable
        answer = search_on(
            store, index, query, system=ICD11.id, release=release, kind=kind.value, limit=limit
        )
        found = answer.results
        rows = [(hit.code, hit.title) for hit in found if inside is None or hit.code in inside]
    else:
        rows = list((inside or {}).items())
    joint = "" if not expression else ("&" if adds == "extension" else "/")
    return [(code, title, f"{expression}{joint}{code}") for code, title in rows[:_FOUND]]


def _sources(store: Store, report: ClusterReport | None, day: date) -> list[SourceCode]:
    """The ICD-10-CM codes in use on a day whose recommended expression is exactly this one."""
    if (
        report is None
        or report.parsed is None
        or not report.valid
        or not store.manifest.counts.get("crosswalk")
    ):
        return []
    wanted = str(report.parsed)
    rows = sources_of(store, wanted, 200)
    exact = (row for row in rows if row.rank == 1 and row.expression == wanted)
    return [row for row in exact if store.in_use(ICD10CM.id, row.code, on=day)][:8]
