"""Golden records: what a bundle of the real files answers, written down so that a change shows as a table.

    python -m bench.golden --bundle bundle            # what differs from the records
    python -m bench.golden --bundle bundle --write    # takes today's answers as the records

``crosswalk.tsv``: every category and code of ICD-10-CM with its recommended expression, representation and
confidence in tenths. Codes that differ in their last character alone and are answered alike share a row.
``rewritings.tsv``: every phrase of the search tables with the code found first in each system.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from indexes.search import SearchIndex, open_search_index
from indexes.text import tables
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.manifest import SEARCH
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.crosswalk import Crosswalk
from terminology.systems import ICD10CM, ICD11

FOLDER = Path(__file__).parent.parent / "tests" / "golden"
CROSSWALK = "crosswalk.tsv"
REWRITINGS = "rewritings.tsv"
_TABLES = {"abbreviations.tsv": tables.abbreviations, "lay_terms.tsv": tables.lay_terms}
Answer = tuple[str, str, str]


def crosswalk_record(store: Store) -> list[str]:
    """Return the lines of ``crosswalk.tsv``: stem of the codes, their last characters, and the answer."""
    answers = sorted((code_key(found.source_code), _answer(found)) for found in crosswalks(store))
    shared = groupby(answers, key=lambda pair: (pair[0][:-1], pair[1]))
    return [
        "\t".join((begin, "".join(key[-1] for key, _ in group), *answer)) for (begin, answer), group in shared
    ]


def _answer(found: Crosswalk) -> Answer:
    first = found.recommended
    if first is None:
        return ("", found.representation, "")
    return (first.expression, found.representation, f"{first.confidence:.1f}")


def rewriting_record(search: SearchIndex) -> list[str]:
    """Return the lines of ``rewritings.tsv``: table, phrase, and the first code in ICD-10-CM and ICD-11."""
    phrases = dict.fromkeys((name, row.said) for name, table in _TABLES.items() for row in table())
    return ["\t".join((table, phrase, *_first_codes(search, phrase))) for table, phrase in phrases]


def _first_codes(search: SearchIndex, phrase: str) -> Iterator[str]:
    for system in (ICD10CM.id, ICD11.id):
        results = search.search(phrase, system=system, limit=1).results
        yield results[0].code if results else ""


def differences(recorded: Iterable[str], found: Iterable[str]) -> list[str]:
    """Return the lines that are only in one of both, as ``- line`` and ``+ line``, in order."""
    before, after = set(recorded), set(found)
    changed = [("-", line) for line in before - after] + [("+", line) for line in after - before]
    return [
        f"{sign} {line}"
        for sign, line in sorted(changed, key=lambda pair: (pair[1].split("\t")[:2], pair[0]))
    ]


def records(bundle: Path) -> dict[str, list[str]]:
    """Return the lines of each golden record as a bundle answers today."""
    store = Store(bundle)
    try:
        return {
            CROSSWALK: crosswalk_record(store),
            REWRITINGS: rewriting_record(open_search_index(bundle / SEARCH)),
        }
    finally:
        store.close()


def recorded(name: str) -> list[str]:
    """Return the lines of a record as it is written down."""
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def main() -> None:
    """Show what differs, or write the records anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for name, lines in records(options.bundle).items():
        if options.write:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}: {len(lines):,} lines")
        if not options.write:
            print("\n".join(differences(recorded(name), lines)))


if __name__ == "__main__":
    main()
