"""Tools about codes: searching, looking up, validating, browsing, and what is loaded."""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated

from pydantic import Field

from indexes.autocode import graded
from indexes.on_day import search_on
from indexes.response import SearchResponse
from terminology.bundle.concepts.who_codes import without_who_uri
from terminology.bundle.life.code_list import ListStatus, listed_codes
from terminology.bundle.life.resolution import not_in_use
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.errors import TenElevenError
from terminology.systems import ICD10CM, code_system
from web.mcp.answers.codes import (
    BrowseAnswer,
    CodeDetail,
    CodeNote,
    CodesAnswer,
    LoadedRelease,
    Option,
    Place,
    ReleasesAnswer,
    ValidatedCode,
    ValidationAnswer,
)
from web.mcp.answers.search import Candidate, Question, SearchAnswer
from web.mcp.size import MOST_BYTES, fitted, shortened
from web.mcp.source import day_of, failure_of, source_of
from web.opened import Opened

_TIE = 0.005
#: Bytes of the frame of an answer about codes, and those each code has in any case.
_FRAME = 300
_LEAST_DETAIL = 400
_MOST_TIED = 4
#: What of a search gives way to its size, the last first.
_SHORTENED = ("did_you_mean", "denied", "not_in_use", "unused_words", "ask.options", "ask", "candidates")

System = Annotated[
    str, Field(description="Code system: icd-10-cm, icd-11, icd-10 (WHO's), hcpcs, icf or cpt.")
]
Date = Annotated[
    str | None,
    Field(description="Date of service (for inpatient stays of discharge), YYYY-MM-DD; today without it."),
]
Full = Annotated[bool, Field(description="Answer whole, however long; else answers stay under 2 kB.")]
Codes = Annotated[list[str], Field(description="Codes, in any case, with or without dot.", max_length=200)]


def search_codes(
    here: Opened,
    query: Annotated[str, Field(description="What the documentation says, or a code.", max_length=2000)],
    system: System = ICD10CM.id,
    date: Date = None,
    billable: Annotated[bool | None, Field(description="Only billable codes, or only headings.")] = None,
    limit: Annotated[int, Field(description="Most candidates.", ge=1, le=50)] = 5,
    full: Full = False,
) -> SearchAnswer:
    """Find codes for a diagnosis, condition, drug or supply in words. Take no candidate when match is none.
    Where ambiguous is true, settle every facet of ask from the documentation; if it does not say, ask the
    person, or report the facet as not documented."""
    store, day = here.store, day_of(date)
    system = code_system(system).id
    text = without_who_uri(store, query)
    found = search_on(
        store, here.searchable, text, day, system=system, billable=billable, limit=limit, explain=True
    )
    match, reason = graded(found)
    ask = _questions(found)
    release = store.release(system, on=day).release.id
    answer = SearchAnswer(
        query=shortened(query),
        system=system,
        release=release,
        source=source_of(store, system, release),
        match=match.value,
        reason=shortened(reason),
        ambiguous=bool(ask) or match.value in ("partial", "none"),
        ask=ask,
        candidates=tuple(
            Candidate(r.code, r.title, r.kind, r.billable, round(r.score, 3), r.matched_on)
            for r in found.results
        ),
        total=found.total,
        unused_words=found.unused_words,
        denied=found.denied,
        did_you_mean=found.did_you_mean,
        not_in_use=tuple(gone.message for gone in not_in_use(store, query, system, day)),
        not_loaded=found.not_loaded,
        notices=found.notices,
    )
    return fitted(answer, _SHORTENED, full)


def get_codes(
    here: Opened, codes: Codes, system: System = ICD10CM.id, date: Date = None, full: Full = False
) -> CodesAnswer:
    """Look up codes: title, billable, place, validity, 7th characters, and the publisher's notes (own and
    inherited: excludes, code first, use additional). A code that is not found carries error."""
    store, day = here.store, day_of(date)
    release = store.release(system, on=day).release
    room = max(_LEAST_DETAIL, (MOST_BYTES - _FRAME) // max(1, len(codes)))
    results = tuple(
        fitted(_detail(store, release.system, code, day), ("seventh_characters", "notes"), full, most=room)
        for code in codes
    )
    answer = CodesAnswer(release.system, release.id, source_of(store, release.system, release.id), results)
    return fitted(answer, ("results",), full, "ask for fewer codes, or with full=true")


def validate_codes(
    here: Opened, codes: Codes, system: System = ICD10CM.id, date: Date = None, full: Full = False
) -> ValidationAnswer:
    """Say of each code whether it may be used on the date: valid, not-billable, retired, not-yet-valid,
    undetermined or not-found, and what to use instead. Validate every code before you state it."""
    store, day = here.store, day_of(date) or Day.today()
    release = store.release(system, on=day).release
    listed = listed_codes(store, release.system, codes, day)
    answer = ValidationAnswer(
        system=release.system,
        date=day.isoformat(),
        release=release.id,
        source=source_of(store, release.system, release.id),
        valid=sum(each.status is ListStatus.VALID for each in listed),
        total=len(listed),
        results=tuple(
            ValidatedCode(
                shortened(each.input, 80),
                shortened(each.code, 80),
                each.status.value,
                each.title,
                each.suggestion,
                shortened(each.message),
            )
            for each in listed
        ),
    )
    return fitted(answer, ("results",), full)


def browse(
    here: Opened,
    system: System = ICD10CM.id,
    code: Annotated[str | None, Field(description="Whose children; without it the chapters.")] = None,
    date: Date = None,
    limit: Annotated[int, Field(ge=1, le=500, description="Most children.")] = 20,
    offset: Annotated[int, Field(ge=0, description="Children to skip.")] = 0,
    full: Full = False,
) -> BrowseAnswer:
    """Walk down the hierarchy: the chapters of a code system, or what stands right below a code."""
    store, day = here.store, day_of(date)
    above = None if code is None else store.concept(system, code, on=day)
    if above is None:
        roots = store.roots(system, on=day)
        total, items = len(roots), roots[offset : offset + limit]
        release = store.release(system, on=day).release.id
    else:
        total, items = store.children(above, limit, offset)
        release = above.release
    answer = BrowseAnswer(
        system=code_system(system).id,
        release=release,
        source=source_of(store, system, release),
        code=above.code if above else None,
        title=above.title if above else None,
        path=_path(above) if above else (),
        total=total,
        offset=offset,
        results=tuple(Place(i.code, i.title, i.kind, i.billable, i.children_count) for i in items),
    )
    return fitted(answer, ("results",), full, "ask again with a larger offset")


def list_releases(here: Opened, full: Full = False) -> ReleasesAnswer:
    """List the code systems and releases this server answers from, and what it lacks."""
    store = here.store
    releases = [
        (system, release, store.release(system).release == release)
        for system in store.systems()
        for release in reversed(store.releases(system))
    ]
    answer = ReleasesAnswer(
        release=store.content_hash[:12],
        source=f"this server's bundle, built {store.manifest.built_at}",
        results=tuple(
            LoadedRelease(
                system,
                release.id,
                default,
                _iso(release.effective_from),
                _iso(release.effective_to),
                store.release_record(release).publisher,
                store.release_record(release).licence,
            )
            for system, release, default in sorted(releases, key=lambda each: not each[2])
        ),
        notices=tuple(shortened(notice) for notice in store.manifest.notices),
    )
    return fitted(answer, ("results", "notices"), full)


def _questions(found: SearchResponse) -> tuple[Question, ...]:
    """What splits the best candidates: the axes of the first, and titles that fit equally well."""
    if not found.results:
        return ()
    best = found.results[0]
    axes = [
        Question(axis.axis, tuple(Option(value.label, value.code) for value in axis.values))
        for axis in best.refine
    ]
    tied = [r for r in found.results if r.score >= best.score - _TIE][:_MOST_TIED]
    if len(tied) > 1:
        axes.insert(0, Question("meaning", tuple(Option(r.title, r.code) for r in tied)))
    return tuple(axes)


def _detail(store: Store, system: str, code: str, day: Day | None) -> CodeDetail:
    try:
        concept = store.concept(system, code, on=day)
    except TenElevenError as error:
        return CodeDetail(shortened(code, 80), None, None, error=failure_of(error))
    own = [CodeNote(k, t, concept.code) for k, texts in concept.notes.items() for t in texts]
    notes = own + [CodeNote(n.kind, n.text, n.origin) for n in concept.inherited_notes]
    return CodeDetail(
        input=shortened(code, 80),
        code=concept.code,
        title=concept.title,
        kind=concept.kind,
        billable=concept.billable,
        path=_path(concept),
        valid_from=concept.valid_from,
        valid_to=concept.valid_to,
        children=concept.children_count,
        seventh_characters=tuple(Option(s.meaning, s.character) for s in concept.seventh_characters),
        notes=tuple(CodeNote(n.kind, shortened(n.text), n.carried_by) for n in notes),
        notices=concept.notices,
    )


def _path(concept: ConceptRecord) -> tuple[str, ...]:
    return tuple(f"{step.code} {shortened(step.title, 80)}" for step in concept.path)


def _iso(day: Day | None) -> str | None:
    return None if day is None else day.isoformat()
