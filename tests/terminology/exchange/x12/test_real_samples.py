"""Sample X12 files of publishers and projects: all are read or refused by name, and as others read them."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from terminology.errors import InvalidRequestError
from terminology.exchange.x12.claims import read_x12_claims
from terminology.exchange.x12.remittance import read_remittances
from terminology.exchange.x12.segments import read_segments
from tests.needs import missing

pytestmark = pytest.mark.realdata
_THEIR_GUIDES = (b"005010X222A1", b"005010X223A2")


@pytest.fixture
def samples(data_dir: Path) -> list[Path]:
    folder = data_dir / "x12"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def oracle(name: str) -> Any:
    if find_spec(name) is None:
        missing(f"{name} is not installed: 'pip install .[dev]' has it")
    return import_module(name)


def test_every_sample_is_read_or_refused_by_name(samples: list[Path]) -> None:
    outcomes: Counter[str] = Counter()
    for path in samples:
        with path.open("rb") as file:
            try:
                found = list(read_x12_claims(file, path.name))
            except InvalidRequestError as fault:
                reason = (
                    "4010"
                    if "GS08 004010" in str(fault)
                    else "no claims"
                    if "holds no claims" in str(fault)
                    else "?"
                )
                outcomes[reason] += 1
            else:
                assert found
                assert all(one.claim.id and one.claim.lines for one in found)
                outcomes["claims"] += 1
    assert outcomes == {"claims": 51, "4010": 11, "no claims": 9}


def test_every_remittance_sample_balances(samples: list[Path]) -> None:
    """Charge less payment is what the adjustments say (005010X221, 1.10.2.1), where a sample says it all."""
    paid = []
    for path in samples:
        if path.suffix == ".835":
            with path.open("rb") as file:
                paid += list(read_remittances(file, path.name))
    assert len(paid) == 8
    open_amounts = [
        claim.charged
        - claim.paid
        - sum(one.amount for one in claim.adjustments)
        - sum(one.amount for line in claim.lines for one in line.adjustments)
        for claim in paid
    ]
    assert open_amounts.count(Decimal(0)) >= 6


def test_claims_are_those_that_hccinfhir_reads(samples: list[Path]) -> None:
    """It reads files with ``*``, ``:`` and ``~`` of two guides, and ICD-10 codes only; minutes are units."""
    extract = oracle("hccinfhir.extractor_837").extract_sld_837
    compared = 0
    for path in samples:
        data = path.read_bytes()
        if (
            data[104:106] != b":~"
            or not any(guide in data for guide in _THEIR_GUIDES)
            or any(other in data for other in (b"*HC>", b"*MJ*"))
        ):
            continue
        theirs = extract(data.decode())
        ours = list(read_x12_claims(io.BytesIO(data), path.name))
        assert [
            (one.claim.id, line.code or None, line.units, line.ndc)
            for one in ours
            for line in one.claim.lines
        ] == [(one.claim_id, one.procedure_code or None, one.quantity, one.ndc) for one in theirs]
        for one in ours:
            codes = [row.claim_diagnosis_codes for row in theirs if row.claim_id == one.claim.id]
            if codes and codes[0] and not one.icd9:
                assert [d.code for d in one.claim.diagnoses] in codes
                compared += 1
    assert compared >= 15


def test_segments_are_those_that_draftedi_reads(samples: list[Path]) -> None:
    parse = oracle("draftedi").parse_edi_file
    compared = 0
    for path in samples:
        data = path.read_bytes()
        try:
            theirs = parse(data)
        except ValueError:  # an ISA of another width than the standard's
            continue
        inner = [
            segment["segment_id"]
            for interchange in theirs["interchanges"]
            for group in interchange["groups"]
            for transaction in group["transactions"]
            for segment in transaction["segments"]
        ]
        ours = [one.tag for one in read_segments(io.BytesIO(data), path.name)]
        envelope = {"ISA", "GS", "GE", "IEA"} | ({"ST", "SE"} - set(inner))
        assert [tag for tag in ours if tag not in envelope] == inner
        compared += 1
    assert compared >= 51
