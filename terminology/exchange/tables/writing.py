"""How tables are written for those who open them in a spreadsheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

NUMBER_LIKE = r"[0-9]+[eE][0-9]+"
"""Codes that a spreadsheet reads from CSV as numbers: ICD-11's 1E30 becomes 1E+30."""

_NUMBER_LIKE = re.compile(NUMBER_LIKE)


@dataclass(frozen=True, slots=True)
class Writing:
    """How a table is written: ``spreadsheet`` writes codes that look like numbers as ``="1E30"`` in CSV."""

    spreadsheet: bool = False

    def csv_cell(self, cell: Any) -> Any:
        """Return a cell as it goes into CSV: for a spreadsheet a formula that says the code.

        >>> Writing(spreadsheet=True).csv_cell("1E30"), Writing().csv_cell("1E30")
        ('="1E30"', '1E30')
        """
        return f'="{cell}"' if self.spreadsheet and isinstance(cell, str) and number_like(cell) else cell


AS_IT_IS = Writing()


def number_like(text: str | None) -> bool:
    """Whether a spreadsheet that opens CSV takes a code for a number.

    >>> number_like("1E30"), number_like("1E30.0"), number_like("E11.9")
    (True, False, False)
    """
    return text is not None and _NUMBER_LIKE.fullmatch(text) is not None
