"""The edits of the whole claim, its diagnoses and its lines. A module per family ends with its ``EDITS``."""

from __future__ import annotations

from terminology.claims.edit import Edit
from terminology.claims.edits import claim_data
from terminology.claims.edits.diagnoses import (
    coding_advice,
    diagnosis_validity,
    medicare_code_editor,
    present_on_admission,
    sequence,
    tabular_notes,
)
from terminology.claims.edits.lines import (
    add_on_codes,
    code_pairs,
    drug_products,
    fee_schedules,
    necessity,
    procedure_validity,
    service_lines,
    unit_limits,
)

EDITS: tuple[Edit, ...] = (
    *claim_data.EDITS,
    *coding_advice.EDITS,
    *diagnosis_validity.EDITS,
    *medicare_code_editor.EDITS,
    *present_on_admission.EDITS,
    *code_pairs.EDITS,
    *unit_limits.EDITS,
    *add_on_codes.EDITS,
    *necessity.EDITS,
    *fee_schedules.EDITS,
    *drug_products.EDITS,
    *procedure_validity.EDITS,
    *sequence.EDITS,
    *service_lines.EDITS,
    *tabular_notes.EDITS,
)
