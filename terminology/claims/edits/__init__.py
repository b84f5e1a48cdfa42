"""The edits: a module per family, which ends with its ``EDITS``. Adding one is a module and a line below."""

from __future__ import annotations

from terminology.claims.edit import Edit
from terminology.claims.edits import (
    add_on_codes,
    claim_data,
    code_pairs,
    coding_advice,
    diagnosis_validity,
    drug_products,
    fee_schedules,
    medicare_code_editor,
    necessity,
    present_on_admission,
    procedure_validity,
    sequence,
    service_lines,
    tabular_notes,
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
