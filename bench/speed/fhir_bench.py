"""How fast FHIR operations are, as ratios to a constant answer of the same server, and what large ones take.

Run: ``python -m bench.speed.fhir_bench --bundle bundle``. Needs wrk.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.serving.constant_app import PATH
from bench.serving.served import Load, load, served
from terminology.bundle.store import Store
from terminology.systems import ICD10CM, ICD11

SAMPLE = 2_000
UNASKED = 40_000
SEED = 11
ROUNDS = 3
REPEATS = 15
SUBTREE = range(950, 1_100)
BATCH = 1_000


def sampled(store: Store) -> list[str]:
    """Return a seeded sample of ICD-10-CM codes: SAMPLE, and UNASKED others."""
    codes = [code for code, _, kind, _ in store.codes(ICD10CM.id) if kind in ("category", "code")]
    return random.Random(SEED).sample(codes, min(SAMPLE + UNASKED, len(codes)))


def operations(codes: list[str]) -> dict[str, list[str]]:
    """Return addresses of each operation on these codes."""
    system, target = quote(ICD10CM.uri, safe=""), quote(ICD11.uri, safe="")
    everything = quote(f"{ICD10CM.uri}?fhir_vs", safe="")
    asked = [quote(code, safe="") for code in codes]
    base = "/fhir/r4"
    return {
        "$lookup": [f"{base}/CodeSystem/$lookup?system={system}&code={c}" for c in asked],
        "CodeSystem $validate-code": [
            f"{base}/CodeSystem/$validate-code?url={system}&code={c}" for c in asked
        ],
        "ValueSet $validate-code": [
            f"{base}/ValueSet/$validate-code?url={everything}&system={system}&code={c}" for c in asked
        ],
        "$translate": [
            f"{base}/ConceptMap/$translate?system={system}&targetsystem={target}&code={c}" for c in asked
        ],
    }


def subtree(store: Store) -> tuple[str, int]:
    """Return an ICD-10-CM heading with about a thousand codes below it, and how many."""
    for code, _, _, _ in store.codes(ICD10CM.id):
        size = store.concept(ICD10CM.id, code).descendants_count + 1
        if size in SUBTREE:
            return code, size
    raise RuntimeError("no heading has about a thousand codes")


def timed(port: int, method: str, path: str, body: bytes | None = None) -> list[float]:
    """Return the seconds of REPEATS requests over one connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        connection.request(method, path, body, {"Content-Type": "application/fhir+json"})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    connection.close()
    return times


def batch(codes: list[str]) -> bytes:
    """Return a batch Bundle with one $validate-code for each code."""
    calls = operations(codes)["CodeSystem $validate-code"]
    entries = [{"request": {"method": "GET", "url": c.removeprefix("/fhir/r4/")}} for c in calls]
    return json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries}).encode()


def _rate(measured: Load, constant: float) -> str:
    return f"{measured.requests_per_second:,.0f}/s, ratio {measured.requests_per_second / constant:.2f}"


def main() -> None:
    """Print ratios of request rates, and times of a thousand-code expansion and a thousand-entry batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    store = Store(options.bundle)
    codes = sampled(store)
    heading, size = subtree(store)
    store.close()
    often, fresh = operations(codes[:SAMPLE]), operations(codes[SAMPLE:])
    with served(options.bundle, "bench.serving.constant_app:create_constant_app") as server:
        for number in range(ROUNDS):
            for name, paths in often.items():
                constant = load(server.port, [PATH], options.seconds).requests_per_second
                cold_paths = fresh[name][number::ROUNDS]
                cold = load(server.port, cold_paths, options.seconds)
                load(server.port, paths, 2)
                hot = load(server.port, paths, options.seconds)
                print(
                    f"round {number + 1}, {name}: constant {constant:,.0f}/s; often asked "
                    f"{_rate(hot, constant)}; never asked before {_rate(cold, constant)}; "
                    f"{hot.failures + cold.failures} failures",
                    flush=True,
                )
        url = quote(f"{ICD10CM.uri}?fhir_vs=isa/{heading}", safe="")
        for form in ("", "&excludeNested=true"):
            took = timed(server.port, "GET", f"/fhir/r4/ValueSet/$expand?url={url}{form}")
            shown = "flat" if form else "nested"
            print(f"$expand of {size} codes, {shown}: median {median(took):.4f} s, worst {max(took):.4f} s")
        took = timed(server.port, "POST", "/fhir/r4", batch(codes[:BATCH]))
        print(f"batch of {BATCH} $validate-code: median {median(took):.3f} s, worst {max(took):.3f} s")


if __name__ == "__main__":
    main()
