"""How fast crosswalks are served: ``python -m bench.speed.crosswalk_bench --bundle DIR``. Needs wrk.

A single crosswalk beside a code lookup and a constant answer of the same server, and a POST of 10,000 codes.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from bench.serving.constant_app import PATH
from bench.serving.served import load, served
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store

SEED = 11
POSTED = 10_000
ASKED = 5_000
ROUNDS = 3


def main() -> None:
    """Print request rates with their ratios, and the seconds of each POST."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    store = Store(options.bundle)
    release = store.release("icd-10-cm").release.id
    codes = [answer.source_code for answer in crosswalks(store) if answer.source_release == release]
    store.close()
    chosen = random.Random(SEED)
    with served(options.bundle, "bench.serving.constant_app:create_constant_app") as server:
        for _ in range(ROUNDS):
            asked = [quote(code) for code in chosen.sample(codes, ASKED)]
            constant = load(server.port, [PATH], options.seconds).requests_per_second
            print(f"constant {constant:,.0f}/s")
            for name in ("codes", "crosswalk"):
                asked_for = load(
                    server.port, [f"/api/v1/{name}/icd-10-cm/{code}" for code in asked], options.seconds
                )
                print(
                    f"  {name} {asked_for.requests_per_second:,.0f}/s, ratio "
                    f"{asked_for.requests_per_second / constant:.2f}; p50 {asked_for.p50 * 1e3:.2f} ms; "
                    f"{asked_for.failures} failures"
                )
            body = json.dumps(
                {"system": "icd-10-cm", "target": "icd-11", "codes": chosen.sample(codes, POSTED)}
            )
            connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
            begun = time.perf_counter()
            connection.request("POST", "/api/v1/crosswalk", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            size = len(answer.read()) / 1e6
            seconds = time.perf_counter() - begun
            print(f"  POST of {POSTED:,} codes: {answer.status}, {seconds:.2f} s, {size:.1f} MB")
            connection.close()


if __name__ == "__main__":
    main()
