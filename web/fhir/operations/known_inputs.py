"""The inputs that each operation has: one too many, or one that there is not, is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from terminology.rule_tables import read_rules
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs

_EVERY = "*"


@dataclass(frozen=True, slots=True)
class InputRow:
    """An input of an operation (``*``: of all), by R4's, R5's or the terminology ecosystem's name."""

    operation: str
    parameter: str
    repeats: bool


def check_inputs(called: str, inputs: Inputs, *, strict: bool) -> None:
    """Raise :class:`FhirError` for an input that an operation takes once and is given several times.

    ``strict`` (``Prefer: handling=strict``) refuses one that the operation has not, as a search does; else
    such are passed over, as FHIR lets servers do.
    """
    known = _known(called)
    for name in inputs.names:
        repeats = known.get(name)
        if repeats is None and strict:
            raise refuse(
                400, "INPUT_UNKNOWN", parameter=name, operation=f"${called}", known=", ".join(sorted(known))
            )
        if repeats is False and len(inputs.all(name)) > 1:
            reason = f"is given {len(inputs.all(name))} times; give it once"
            raise refuse(400, "INVALID_PARAMETER", parameter=name, reason=reason)


@cache
def _known(called: str) -> Mapping[str, bool]:
    """The inputs of an operation, each with whether it may be given several times."""
    rows = read_rules("web.fhir.operations", "inputs.tsv", InputRow)
    return {row.parameter: row.repeats for row in rows if row.operation in (_EVERY, called)}
