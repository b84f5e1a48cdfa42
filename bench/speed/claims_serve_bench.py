"""How fast single claims are checked: ``python -m bench.speed.claims_serve_bench --bundle DIR``. Needs wrk.

Claims of :mod:`bench.speed.claims_bench`, one a request, beside a constant answer of the same server: claims
asked before, and claims never asked before.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import orjson

from bench.serving.constant_app import PATH
from bench.serving.served import load, post, served
from bench.speed.claims_bench import make_claims
from terminology.claims.claim import Claim
from terminology.exchange.claims.read_claims import read_chunks

ROUNDS = 3
SAMPLE = 2_000
CHECK = "/api/v1/claims/check"


def bodies(bundle: Path, count: int) -> list[bytes]:
    """Return made claims as the API takes them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.parquet"
        make_claims(bundle, path, count)
        return [orjson.dumps(_payload(claim)) for claim in islice(_claims(path), count)]


def _claims(path: Path) -> Iterator[Claim]:
    for chunk in read_chunks(path, None):
        for found in chunk.claims():
            yield found.claim


def _payload(claim: Claim) -> dict[str, object]:
    told = {
        "setting": claim.setting,
        "patient": {"age": claim.patient.age, "sex": claim.patient.sex},
        "diagnoses": [{"code": each.code, "poa": each.poa} for each in claim.diagnoses],
        "date_of_service": claim.date_of_service,
        "admission_date": claim.admission_date,
        "discharge_date": claim.discharge_date,
        "statement_from": claim.statement_from,
        "statement_through": claim.statement_through,
        "lines": [
            {
                "code": line.code,
                "modifiers": line.modifiers,
                "units": line.units,
                "pointers": line.pointers,
                "date_of_service": line.date_of_service,
                "place_of_service": line.place_of_service,
            }
            for line in claim.lines
        ],
    }
    return {name: value for name, value in told.items() if value is not None}


def main() -> None:
    """Print the rates and their ratio to the constant answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    claims = bodies(options.bundle, SAMPLE * (ROUNDS + 1))
    known: Sequence[bytes] = claims[:SAMPLE]
    with served(options.bundle, "bench.serving.constant_app:create_constant_app") as server:
        post(server.port, CHECK, known, options.seconds)
        for number in range(1, ROUNDS + 1):
            constant = load(server.port, [PATH], options.seconds).requests_per_second
            print(f"round {number}: constant {constant:,.0f}/s")
            fresh = claims[SAMPLE * number : SAMPLE * (number + 1)]
            for name, asked in (("asked before", known), ("never asked before", fresh)):
                checks = post(server.port, CHECK, asked, options.seconds)
                print(
                    f"  claims {name}: {checks.requests_per_second:,.0f}/s, ratio "
                    f"{checks.requests_per_second / constant:.2f}; p50 {checks.p50 * 1e3:.2f} ms; "
                    f"{checks.failures} failures"
                )


if __name__ == "__main__":
    main()
