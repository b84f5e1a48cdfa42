"""Many users at once on one server: p50 and p99 of each kind of request, and whether memory stays level.

Run: ``python -m bench.speed.load_bench --bundle bundle [--minutes 1] [--users 40] [--workers 2]``. A user
types a search letter by letter, opens a code and its crosswalk, thinks, and begins again. Beside them runs
one impact report after another and one FHIR batch after another. A long run (``--minutes 30``) is made by
hand.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

from bench.serving.served import Server, served
from terminology.bundle.store import Store

SEED = 17
PHRASES = (
    "broken right wrist",
    "type 2 diabetes",
    "asthma",
    "chest pain",
    "knee replacement",
    "sepsis",
    "copd",
)
THINKS = (0.2, 2.0)
KEYS = 0.12
IMPACT_CODES = 5000
BATCH_ENTRIES = 50
SAMPLES = 12


@dataclass(slots=True)
class Seen:
    """What all users saw: the seconds of each kind of request, and answers that were not 200."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, port: int, kind: str, method: str, path: str, body: bytes | None = None, of: str = ""
    ) -> None:
        """Send a request of a kind; ``of`` is the media type of its body."""
        begun = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request(method, path, body, {"Content-Type": of} if of else {})
            answer = connection.getresponse()
            answer.read()
            outcome = "" if answer.status == 200 else str(answer.status)
        except (OSError, HTTPException) as fault:
            outcome = type(fault).__name__
        finally:
            connection.close()
        with self.lock:
            self.seconds[kind].append(time.perf_counter() - begun)
            if outcome:
                self.failures[f"{kind} {outcome}"] += 1


def main() -> None:
    """Print the figures of a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    codes = sample(options.bundle)
    seen = Seen()
    with served(options.bundle, workers=options.workers) as server:
        end = time.monotonic() + options.minutes * 60
        threads = [
            threading.Thread(target=use, args=(server.port, codes, seen, end, number))
            for number in range(options.users)
        ]
        threads += [
            threading.Thread(target=measure_impact, args=(server.port, codes, seen, end)),
            threading.Thread(target=send_batches, args=(server.port, codes, seen, end)),
        ]
        for thread in threads:
            thread.start()
        resident = watch(server, end)
        for thread in threads:
            thread.join()
        show(seen, resident, options.users, options.minutes)


def sample(bundle: Path) -> list[str]:
    """Return a seeded sample of billable ICD-10-CM codes."""
    store = Store(bundle)
    billable = [code for code, _, _, flag in store.codes("icd-10-cm") if flag]
    store.close()
    return random.Random(SEED).sample(billable, min(IMPACT_CODES, len(billable)))


def use(port: int, codes: list[str], seen: Seen, end: float, number: int) -> None:
    """Be one user until the end: search as one types, look a code up, see its crosswalk."""
    chance = random.Random(SEED + number)
    while time.monotonic() < end:
        phrase, code = chance.choice(PHRASES), quote(chance.choice(codes), safe="")
        for length in range(3, len(phrase) + 1, 2):
            seen.ask(port, "suggest", "GET", f"/api/v1/suggest?q={quote(phrase[:length])}")
            time.sleep(KEYS)
        seen.ask(port, "search", "GET", f"/api/v1/search?q={quote(phrase)}")
        seen.ask(port, "lookup", "GET", f"/api/v1/codes/icd-10-cm/{code}")
        seen.ask(port, "crosswalk", "GET", f"/api/v1/crosswalk/icd-10-cm/{code}")
        time.sleep(chance.uniform(*THINKS))


def measure_impact(port: int, codes: list[str], seen: Seen, end: float) -> None:
    """Ask for one impact report after another."""
    rows = "code,count\n" + "".join(f"{code},{number}\n" for number, code in enumerate(codes, 1))
    while time.monotonic() < end:
        seen.ask(port, "impact", "POST", "/api/v1/impact", rows.encode(), "text/csv")


def send_batches(port: int, codes: list[str], seen: Seen, end: float) -> None:
    """Send one FHIR batch of lookups after another."""
    address = "CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-cm&code="
    entries = [{"request": {"method": "GET", "url": address + code}} for code in codes[:BATCH_ENTRIES]]
    body = json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries}).encode()
    while time.monotonic() < end:
        seen.ask(port, "FHIR batch", "POST", "/fhir", body, "application/fhir+json")


def watch(server: Server, end: float) -> list[int]:
    """Return the bytes that are all workers' own, measured evenly until the end: pages of the bundle's files
    stay in memory as long as nothing else needs it, and tell nothing of the server.
    """
    pause = max(0.1, (end - time.monotonic()) / SAMPLES)
    sizes = []
    while time.monotonic() < end:
        time.sleep(pause)
        sizes.append(sum(server.resident_bytes(own=True)))
    return sizes


def show(seen: Seen, resident: list[int], users: int, minutes: float) -> None:
    """Print a line for each kind of request, and the memory over time."""
    print(f"{users} users for {minutes:g} min")
    for kind, times in sorted(seen.seconds.items()):
        times.sort()
        half, late = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
        print(
            f"{kind:<11} {len(times):>8,} answers, p50 {half * 1e3:8.1f} ms, p99 {late * 1e3:8.1f} ms, "
            f"slowest {times[-1]:.2f} s"
        )
    for what, count in sorted(seen.failures.items()):
        print(f"not 200: {what} {count}")
    print("workers' own memory, MiB:", ", ".join(f"{size / 2**20:.0f}" for size in resident))


if __name__ == "__main__":
    main()
