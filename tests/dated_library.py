"""The small library with days before its oldest release, from the Medicare Code Editor's master.

By it E11.7 ended in 2017 and stands in no release, E11.9 began in 2016, S52.5 was a code until 2018 and
S52.501A began then.
"""

from __future__ import annotations

from datetime import date

from terminology.claims.tables.mce import MCE_DIAGNOSIS
from terminology.edit_table import loaded_table
from terminology.edition import Library
from tests.claim_library import BEGIN, mce_row
from tests.small_library import small_library


def dated_library() -> Library:
    """The small library with the editor's master beside it."""
    rows = [
        mce_row(2, "E117", "", BEGIN, date(2017, 9, 30)),
        mce_row(3, "E119", "", date(2016, 10, 1)),
        mce_row(4, "E118", "", BEGIN, date(2026, 9, 30)),
        mce_row(5, "E11A", "", date(2026, 10, 1)),
        mce_row(6, "S525", "", BEGIN, date(2018, 9, 30)),
        mce_row(7, "S52501A", "", date(2018, 10, 1)),
        mce_row(8, "Z000", "", BEGIN, date(2017, 9, 30)),
    ]
    library = small_library()
    library.edit_tables = [
        loaded_table(MCE_DIAGNOSIS, rows, "v44", "mce_v44_icd10cm_master.csv", (BEGIN, None))
    ]
    return library
