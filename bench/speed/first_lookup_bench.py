"""What a code costs that is asked for the first time, and where the memory of a worker levels off.

Run: ``python -m bench.speed.first_lookup_bench --bundle bundle``.

Every code of every system is asked for once, in one process and in a random order: as it is, what it becomes,
and by FHIR's ``$lookup``. Processor time is of this process alone; memory is what it has to itself.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import quote, urlencode

from terminology.bundle.store import Store
from web.app import create_app
from web.http.shortcut import Shortcut
from web.process.reload import tidy
from web.settings import Settings

SEED = 11
_ASKED_TOGETHER = 10_000
_FHIR = {
    "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd-11": "http://id.who.int/icd/release/11/mms",
}


def main() -> None:
    """Print microseconds of processor time a lookup takes, and own memory as more codes are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    options = parser.parse_args()
    codes = _codes(options.bundle)
    shortcut = create_app(options.bundle, Settings(bundle=options.bundle)).wsgi_app
    assert isinstance(shortcut, Shortcut)
    tidy()
    print(f"{len(codes):,} codes; at the start {_own_megabytes():.0f} MB")
    for begin in range(0, len(codes), _ASKED_TOGETHER):
        some = codes[begin : begin + _ASKED_TOGETHER]
        begun = process_time()
        for system, code in some:
            _ask(shortcut, f"/api/v1/codes/{system}/{code}")
        each = (process_time() - begun) / len(some) * 1e6
        for system, code in some:
            if system in _FHIR:
                _ask(shortcut, f"/api/v1/crosswalk/{system}/{code}")
                asked = urlencode({"system": _FHIR[system], "code": code})
                _ask(shortcut, "/fhir/r4/CodeSystem/$lookup", asked)
        print(f"{begin + len(some):>7,} codes: {each:3.0f} us a lookup, {_own_megabytes():3.0f} MB")


def _codes(bundle: Path) -> list[tuple[str, str]]:
    store = Store(bundle)
    found = [(system, code) for system in store.systems() for code, _, _, _ in store.codes(system)]
    store.close()
    return random.Random(SEED).sample(found, len(found))


def _ask(shortcut: Shortcut, path: str, query: str = "") -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": quote(path),
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost",
    }
    shortcut.quick(environ)


def _own_megabytes() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    own = next(line for line in lines if line.startswith("Private_Dirty:"))
    return int(own.split()[1]) / 1024


if __name__ == "__main__":
    main()
