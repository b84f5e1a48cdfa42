"""ICD-11 expressions as concepts of their release: what they say, what is wrong or to be remarked."""

from __future__ import annotations

from collections.abc import Iterator

from terminology.cluster import ClusterReport, ClusterVocabulary, Severity, describe, parse, validate
from terminology.codes import code_key
from web.fhir.outcome import Issue, issue
from web.fhir.systems.system import Concept, Property

_PRECOORDINATED = "precoordinated"


def expression_concept(code: str, vocabulary: ClusterVocabulary) -> Concept | None:
    """Return an expression as a concept below its first stem, ``None`` when it is not valid."""
    report = validate(code, vocabulary)
    if not report.valid or report.parsed is None:
        return None
    remarks = tuple(_remarks(code, report, vocabulary))
    return Concept(
        code,
        describe(parse(code, vocabulary), vocabulary),
        (report.parsed.stem,),
        properties=(
            Property("expression", "Code", str(report.parsed)),
            Property("complete", "Boolean", report.complete),
            *(Property("member", "Code", member) for member in report.parsed.members),
            *(Property("missing-axis", "String", axis) for axis in report.missing_axes),
            *(Property("unchecked-stem", "Code", stem) for stem in report.unchecked_stems),
            *([Property(_PRECOORDINATED, "Code", report.precoordinated)] if report.precoordinated else []),
            *(Property("remark", "String", remark.text) for remark in remarks),
        ),
        remarks=remarks,
        normal=str(report.parsed),
    )


def expression_fault(code: str, vocabulary: ClusterVocabulary, place: str | None) -> Issue | None:
    """Return the first error of an expression; ``place`` is the FHIRPath of what holds it."""
    for fault in validate(code, vocabulary).issues:
        if fault.severity is Severity.ERROR:
            return issue("CLUSTER_SYNTAX", place, code=code, position=fault.position, reason=fault.message)
    return None


def single_code(expression: Concept) -> str | None:
    """Return the one code that says what an expression says."""
    return next((str(p.value) for p in expression.properties if p.code == _PRECOORDINATED), None)


def _remarks(code: str, report: ClusterReport, vocabulary: ClusterVocabulary) -> Iterator[Issue]:
    """Yield what is to be said of a valid expression: warnings, what was not checked, the one code for it."""
    for fault in report.issues:
        yield issue("CLUSTER_WARNING", code=code, position=fault.position, reason=fault.message)
    if report.unchecked_stems:
        yield issue("CLUSTER_UNCHECKED", code=code, stems=", ".join(report.unchecked_stems))
    if report.precoordinated:
        single = vocabulary.concepts[code_key(report.precoordinated)]
        yield issue("CLUSTER_PRECOORDINATED", code=code, single=single.code, title=single.title)
