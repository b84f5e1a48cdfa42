"""The whole report of a made facility is the one written down: each table, sentence and notice of it.

Its codes are those of the made classification of the crosswalk's tests, its payers' tables are made too. What
a number should be is reckoned by hand in ``test_golden_report``; here none of them changes unseen. After an
intended change: ``TENELEVEN_RECORD=write pytest tests/terminology/impact/test_recorded_report.py``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zlib import crc32

import pytest

from bench.golden import differences
from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.claims.tables.risk import RISK_CATEGORIES, RISK_COEFFICIENTS, RiskCategory, RiskCoefficient
from terminology.codes import code_key
from terminology.edit_table import loaded_table
from terminology.edition import Edition, Library
from terminology.exchange.reports.write import write_impact
from terminology.facility import DrgWeight, PaymentScheme, PaymentStatus
from terminology.graph import TerminologyGraph
from terminology.release import Release, fiscal_year_dates
from tests.mapped import add_mapped
from tests.terminology.crosswalk.made_corpus import made_corpus

RECORD = Path(__file__).parents[2] / "golden" / "made_impact.txt"
MOST_ROWS = 30
V28 = PaymentScheme.HCC_V28
CATEGORIES = {"37": 0.166, "38": 0.166, "226": 0.36, "280": 0.319}
SPAN = (date(2026, 10, 1), date(2027, 9, 30))


def _hash(text: str) -> int:
    return crc32(text.encode())


def _codes() -> list[str]:
    return [concept.code for concept in made_corpus().source if concept.billable]


def _library() -> Library:
    corpus = made_corpus()
    keys = [code_key(code) for code in _codes()]
    by_drg = {key: ("MCC", "CC")[_hash(key) % 2] for key in keys if _hash(f"drg {key}") % 3 == 0}
    by_hcc = {key: list(CATEGORIES)[_hash(key) % 4] for key in keys if _hash(f"hcc {key}") % 4 == 0}
    drgs = (
        DrgWeight(f"{number + place:03d}", kind, f"{title} {split}", weight, "Table 5", None, 2027)
        for number, kind, title in ((64, "MED", "STROKE"), (216, "SURG", "VALVE"), (637, "MED", "DIABETES"))
        for place, (split, weight) in enumerate(
            (("WITH MCC", 2.0 + number / 900), ("WITH CC", 1.2), ("WITHOUT CC/MCC", 0.8))
        )
    )
    categories = [RiskCategory(row, V28.value, *pair) for row, pair in enumerate(by_hcc.items(), 2)]
    worth = [
        RiskCoefficient(row, V28.value, f"CNA_HCC{category}", value, False)
        for row, (category, value) in enumerate(CATEGORIES.items(), 2)
    ]
    return Library(
        editions=[
            Edition(Release("icd-10-cm", "2027", *fiscal_year_dates(2027), ("cm.txt",)), corpus.source),
            Edition(Release("icd-11", "2025-01", date(2025, 1, 1), None, ("mms.txt",)), corpus.target),
        ],
        mappings=list(corpus.mappings),
        payment_statuses=[
            *(PaymentStatus(PaymentScheme.MS_DRG, key, status, "6I, 6J") for key, status in by_drg.items()),
            *(PaymentStatus(V28, key, category, "V28") for key, category in by_hcc.items()),
        ],
        drg_weights=list(drgs),
        edit_tables=[
            loaded_table(RISK_CATEGORIES, categories, "2027", "categories.csv"),
            loaded_table(RISK_COEFFICIENTS, worth, "2027", "coefficients.csv"),
        ],
    )


@pytest.fixture(scope="module")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder, library = tmp_path_factory.mktemp("made"), _library()
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    add_mapped(manifest, library, folder)
    store = Store(folder)
    yield store
    store.close()


def _counts() -> str:
    settings = ("inpatient", "outpatient", "office")
    lines = ["code,count,setting,payer,department,charges,service_date"]
    for code in [*_codes(), "ZZ9.9", "E11", "401.9"]:
        n = _hash(f"count {code}")
        setting, payer, ward = settings[n % 3], ("Aid", "Care")[n % 2], f"Ward {n % 4}"
        day = "2026-11-02" if n % 5 else ""
        lines.append(f"{code},{n % 97},{setting},{payer},{ward},{n % 9000 / 10},{day}")
    return "\n".join(lines)


def _stays() -> str:
    codes = sorted(_codes(), key=lambda code: _hash(f"stay {code}"))
    stays = (codes[at : at + 1 + at % 6] for at in range(0, 1200, 3))
    lines = [",".join(["inpatient", *stay, *[""] * (6 - len(stay))]) for stay in stays]
    return "\n".join(["setting,dx 1,dx 2,dx 3,dx 4,dx 5,dx 6", *lines])


def _told(store: Store, folder: Path, name: str, text: str, base_rate: float | None) -> Iterator[str]:
    file, output = folder / f"{name}.csv", folder / f"{name}.json"
    file.write_text(text, encoding="utf-8")
    write_impact(store, [file], None, output, {}, SPAN, base_rate, ())
    report = json.loads(output.read_bytes())
    yield f"{name}\ttotal\t{report['total']} {report['release']}"
    for part in ("headline", "notices"):
        yield from (f"{name}\t{part}\t{json.dumps(said)}" for said in report[part])
    for table in report["tables"]:
        rows = [json.dumps(row) for row in table["rows"]]
        yield f"{name}\t{table['id']}\t{len(rows)} rows {_hash(''.join(rows)):08x}"
        yield from (f"{name}\t{table['id']}\t{row}" for row in rows[:MOST_ROWS])


def test_every_number_of_the_report_is_as_recorded(made_store: Store, tmp_path: Path) -> None:
    lines = [
        *_told(made_store, tmp_path, "counts", _counts(), None),
        *_told(made_store, tmp_path, "stays", _stays(), 7000.0),
    ]
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])
