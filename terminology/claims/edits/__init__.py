"""The edits: a module per family, which ends with its ``EDITS``. Adding one is a module and a line below."""

from __future__ import annotations

from terminology.claims.edit import Edit
from terminology.claims.edits import medicare_code_editor

EDITS: tuple[Edit, ...] = (*medicare_code_editor.EDITS,)
