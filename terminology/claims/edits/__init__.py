"""The edits: a module per family, which ends with its ``EDITS``. Adding one is a module and a line below."""

from __future__ import annotations

from terminology.claims.edit import Edit
from terminology.claims.edits import (
    claim_data,
    diagnosis_validity,
    medicare_code_editor,
    present_on_admission,
)

EDITS: tuple[Edit, ...] = (
    *claim_data.EDITS,
    *diagnosis_validity.EDITS,
    *medicare_code_editor.EDITS,
    *present_on_admission.EDITS,
)
