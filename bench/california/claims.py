"""Counts what a check finds on the diagnoses of a real state, each as the secondary one of a simple stay.

    python -m bench.california.claims --data DIR --bundle bundle [--most 20]

Every inpatient diagnosis of California's 2023 counts is put behind an acute appendicitis, on a day on which
the code is valid, present on admission unless exempt. Findings are counted by edit, once a code and once a
reported diagnosis; the most frequent ones are listed, so that a person can look whether they are true.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from datetime import date
from pathlib import Path

from loaders.volumes.hcai import read_hcai_volumes
from terminology.bundle.life.periods import life, period_on
from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis, Patient
from terminology.claims.finding import Finding, Severity
from terminology.codes import dotted
from terminology.facility import Setting
from terminology.systems import ICD10CM

PRINCIPAL = Diagnosis("K35.80", "Y")
DAYS = (date(2023, 7, 1), date(2023, 11, 1))


def stay(store: Store, key: str) -> Claim:
    """Return the stay of an adult with the diagnosis as the secondary one, on a day it is valid."""
    periods = life(store, ICD10CM.id, key)
    day = next((each for each in DAYS if period_on(periods, each)), DAYS[0])
    secondary = Diagnosis(dotted(ICD10CM.id, key), "Y")
    return Claim(ClaimSetting.INPATIENT, Patient(40), (PRINCIPAL, secondary), discharge_date=day)


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--most", type=int, default=20)
    options = parser.parse_args()
    store = Store(options.bundle)
    path = next(options.data.rglob("ca_hcai_2023_icd10cm_by_setting.csv.gz"))
    with gzip.open(path) as file:
        volumes = [v for v in read_hcai_volumes(file, path) if v.setting is Setting.INPATIENT]  # type: ignore[arg-type]
    codes: Counter[tuple[str, str]] = Counter()
    reported: Counter[tuple[str, str]] = Counter()
    frequent: Counter[tuple[str, str, str]] = Counter()
    for volume in volumes:
        findings: tuple[Finding, ...] = check(stay(store, volume.key), store).findings
        for finding in findings:
            at = (finding.edit, finding.severity.value)
            codes[at] += 1
            reported[at] += volume.count
            if finding.severity is not Severity.INFO:
                frequent[finding.edit, finding.message, finding.why or ""] += volume.count
    print(f"{len(volumes):,} codes, {sum(v.count for v in volumes):,} diagnoses")
    for (edit, severity), count in sorted(codes.items()):
        print(f"{severity:<8} {edit:<26} {count:>7,} codes {reported[edit, severity]:>12,} diagnoses")
    for (edit, message, why), count in frequent.most_common(options.most):
        print(f"{count:>9,}  {edit}: {message}  [{why}]")


if __name__ == "__main__":
    main()
