"""Tools about the crosswalk and ICD-11 expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.crosswalk.directions import directed_crosswalk, direction
from terminology.bundle.store import Store
from terminology.cluster import describe, validate
from terminology.crosswalk import Crosswalk
from terminology.errors import TenElevenError
from terminology.systems import ICD10CM, ICD11
from web.mcp.answers.mapping import (
    Alternative,
    Explanation,
    ExpressionAnswer,
    ExpressionIssue,
    MapAnswer,
    MappedCode,
    Reason,
)
from web.mcp.codes import Codes, Date, Full, System
from web.mcp.size import fitted, shortened
from web.mcp.source import day_of, failure_of, source_of, source_of_crosswalk
from web.opened import Opened

Target = Annotated[
    str | None,
    Field(description="To which system: icd-11; from icd-11 icd-10 (WHO's tables) or icd-10-cm."),
]


def map_codes(
    here: Opened,
    codes: Codes,
    system: System = ICD10CM.id,
    target: Target = None,
    date: Date = None,
    full: Full = False,
) -> MapAnswer:
    """Say what codes become in another classification: the recommended expression of each, how well it
    represents the code (full, full-postcoordinated, partial, none), what is lost, and the confidence."""
    store, day = here.store, day_of(date)
    source, aim = direction(system, target)
    found = [_found(store, code, source, aim, date) for code in codes]
    known = next((each for each in found if isinstance(each, Crosswalk)), None)
    answer = MapAnswer(
        system=source,
        target=aim,
        release=store.release(source, on=day).release.id,
        source=source_of_crosswalk(known, source, aim),
        results=tuple(_mapped(code, each) for code, each in zip(codes, found, strict=True)),
    )
    return fitted(answer, ("results",), full, "ask for the other codes, or with full=true")


def explain_mapping(
    here: Opened,
    code: Annotated[str, Field(description="The code, or an ICD-11 expression.", max_length=500)],
    system: System = ICD10CM.id,
    target: Target = None,
    date: Date = None,
    full: Full = False,
) -> Explanation:
    """Explain why a code maps as it does: each step with its source, what is kept, lost and added, and the
    alternatives. Use it before you tell a person that a mapping is safe."""
    found = directed_crosswalk(here.store, code, system, target, on=day_of(date))
    best = found.recommended
    answer = Explanation(
        system=found.source_system,
        target=found.target_system,
        release=found.source_release,
        source=source_of_crosswalk(found, found.source_system, found.target_system),
        code=found.source_code,
        title=found.source_title,
        representation=found.representation.value,
        motif=found.motif.value,
        expression=best.expression if best else None,
        titles=tuple(title or "" for title in best.titles) if best else (),
        relationship=best.relationship.value if best else None,
        confidence=best.confidence if best else None,
        facets_kept=best.facets_kept if best else (),
        facets_lost=best.facets_lost if best else (),
        facets_added=best.facets_added if best else (),
        optional=best.optional if best else (),
        titles_alone=found.titles_alone,
        reasons=tuple(
            Reason(step.step, shortened(step.detail), shortened(step.source, 120))
            for step in (
                *((found.decision,) if found.decision else ()),
                *(best.provenance if best else ()),
            )
        ),
        alternatives=tuple(
            Alternative(
                t.rank,
                t.expression,
                tuple(title or "" for title in t.titles),
                t.relationship.value,
                t.confidence,
            )
            for t in found.targets[1:]
        ),
    )
    return fitted(answer, ("reasons", "alternatives"), full)


def validate_expression(
    here: Opened,
    expression: Annotated[
        str, Field(description="ICD-11 code or cluster, e.g. 'NC32.5&XK9K' or '5A11/GB61.Z'.", max_length=500)
    ],
    date: Date = None,
    full: Full = False,
) -> ExpressionAnswer:
    """Check an ICD-11 expression: grammar, that its codes exist and stand in their places, required axes;
    and say in words what it means."""
    release = here.store.release(ICD11.id, on=day_of(date)).release.id
    vocabulary = cluster_vocabulary(here.store, release)
    report = validate(expression, vocabulary)
    whole = report.parsed if report.valid else None
    answer = ExpressionAnswer(
        expression=report.expression,
        release=vocabulary.release,
        source=source_of(here.store, ICD11.id, vocabulary.release),
        valid=report.valid,
        complete=report.complete,
        unchecked_stems=report.unchecked_stems,
        precoordinated=report.precoordinated,
        normalised=str(report.parsed) if report.parsed else None,
        meaning=describe(whole, vocabulary) if whole else None,
        missing_axes=report.missing_axes,
        issues=tuple(
            ExpressionIssue(i.severity.value, i.code, shortened(i.message), i.position) for i in report.issues
        ),
    )
    if not full and len(answer.meaning or "") > _LONG:
        answer = replace(answer, meaning=shortened(answer.meaning or "", _LONG))
    return fitted(answer, ("missing_axes", "issues"), full)


_LONG = 600


def _found(store: Store, code: str, system: str, target: str, date: str | None) -> Crosswalk | TenElevenError:
    try:
        return directed_crosswalk(store, code, system, target, on=day_of(date))
    except TenElevenError as error:
        return error


def _mapped(code: str, found: Crosswalk | TenElevenError) -> MappedCode:
    if isinstance(found, TenElevenError):
        return MappedCode(shortened(code, 80), error=failure_of(found))
    best = found.recommended
    return MappedCode(
        input=shortened(code, 80),
        code=found.source_code,
        title=found.source_title,
        representation=found.representation.value,
        expression=best.expression if best else None,
        expression_title=" / ".join(t or "" for t in best.titles) if best else None,
        relationship=best.relationship.value if best else None,
        confidence=best.confidence if best else None,
        facets_lost=best.facets_lost if best else (),
        optional=best.optional if best else (),
        titles_alone=found.titles_alone,
        alternatives=max(0, len(found.targets) - 1),
    )
