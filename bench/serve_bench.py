"""How fast a built bundle is served, as ratios to a constant answer of the same server.

Run: ``python -m bench.serve_bench --bundle bundle``. Needs wrk.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.serving.constant_app import PATH
from bench.serving.served import load, served
from terminology.bundle.store import Store

SAMPLE = 5000
UNASKED = 100_000
SEED = 11
ROUNDS = 3


def code_paths(bundle: Path) -> list[str]:
    """Return addresses of a seeded sample of codes over all systems: SAMPLE, and UNASKED others."""
    store = Store(bundle)
    everything = [
        f"/api/v1/codes/{system}/{quote(code, safe='')}"
        for system in store.systems()
        for code, _, _, _ in store.codes(system)
    ]
    store.close()
    return random.Random(SEED).sample(everything, min(SAMPLE + UNASKED, len(everything)))


def main() -> None:
    """Print start time, memory, request rates as ratios, and the time of a cold lookup."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    paths = code_paths(options.bundle)
    with served(options.bundle, "bench.serving.constant_app:create_constant_app") as server:
        print(f"ready after {server.ready_seconds:.2f} s")
        unasked = paths[SAMPLE:]
        load(server.port, paths[:SAMPLE], 4)
        for round_number in range(ROUNDS):
            constant = load(server.port, [PATH], options.seconds)
            print(f"round {round_number + 1}: constant {constant.requests_per_second:,.0f}/s")
            fresh = unasked[round_number::ROUNDS]
            for name, asked in (("asked before", paths[:SAMPLE]), ("never asked before", fresh)):
                codes = load(server.port, asked, options.seconds)
                print(
                    f"  codes {name}: {codes.requests_per_second:,.0f}/s, ratio "
                    f"{codes.requests_per_second / constant.requests_per_second:.2f}; p50 "
                    f"{codes.p50 * 1e3:.2f} ms, p99/p50 {codes.p99 / codes.p50:.1f}; "
                    f"{codes.failures} failures"
                )
        resident = ", ".join(f"{size / 2**20:.0f} MiB" for size in server.resident_bytes())
        print(f"resident after the load: {resident}")
    times = []
    command = [str(Path(sys.executable).with_name("teneleven")), "lookup", "E11.9", "--bundle"]
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([*command, str(options.bundle)], check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    print(f"teneleven lookup E11.9: median {median(times):.2f} s, worst {max(times):.2f} s")


if __name__ == "__main__":
    main()
