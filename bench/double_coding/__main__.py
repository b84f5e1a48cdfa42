"""Codes coded twice: draw the sample, check and compare what readers wrote, measure a bundle against it.

    python -m bench.double_coding draw --bundle B --out DIR [--exclude TABLE ...]
    python -m bench.double_coding check --folder DIR SHEET ...
    python -m bench.double_coding compare --folder DIR --a SHEET ... --b SHEET ... [--third-sheet FILE]
    python -m bench.double_coding settle --folder DIR --a SHEET ... --b SHEET ... [--third SHEET ...]
    python -m bench.double_coding eval --bundle B [--fold report] [--list]
    python -m bench.double_coding propose --bundle B

DIR is the folder that ``draw`` wrote: the sample, the empty sheets and the tabulation.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bench.double_coding.adjudicated import (
    DOUBLE_CODINGS,
    adjudicate,
    read_double_codings,
    write_double_codings,
)
from bench.double_coding.compared import DoubleReading, agreement_rows, both_read, write_third_sheet
from bench.double_coding.evaluation import evaluation_rows, measure
from bench.double_coding.frame import codes_of, frame
from bench.double_coding.proposals import confidence, proposals
from bench.double_coding.readings import read_sheets, read_vocabulary, sound_readings
from bench.double_coding.sample import FOLDS, Drawn, draw, read_sample, write_sample
from bench.double_coding.sheets import write_sheets, write_tabulation
from bench.recommended import recommended
from terminology.bundle.store import Store
from terminology.cluster import ClusterVocabulary
from terminology.errors import TenElevenError

_GUIDE = Path(__file__).with_name("READERS.md")
_CODINGS = Path(__file__).parent.with_name("codings.tsv")
_SAMPLE = "sample.tsv"


def draw_sample(options: argparse.Namespace) -> int:
    """Draw the sample and write all that readers need."""
    tables = [_CODINGS, *options.exclude]
    known = {code for path in tables for code in codes_of(path.read_text("utf-8").splitlines())}
    store = Store(options.bundle)
    families = frame(store, options.release, options.since, known)
    drawn, strata = draw(families, options.size, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    write_sample(options.out / _SAMPLE, drawn, strata)
    write_sheets(store, options.release, [one.code for one in drawn], options.out, options.sheets)
    write_tabulation(store, options.target, options.out)
    shutil.copyfile(_GUIDE, options.out / "README.md")
    print(f"{len(families):,} families in the frame, {len(drawn):,} drawn\n")
    _print_table(
        [
            ("stratum", "families", "drawn", "weight"),
            *((s.name, f"{s.families:,}", str(s.drawn), f"{s.weight:.2f}") for s in strata),
        ]
    )
    return 0


def check_sheets(options: argparse.Namespace) -> int:
    """Say what is wrong with filled sheets of one reader; 1 where anything is."""
    sample, vocabulary = _given(options)
    readings, faults = read_sheets(options.sheets, sample, vocabulary)
    for fault in faults:
        print(fault)
    print(f"{len(readings):,} sound rows, {len(faults):,} faults")
    return 1 if faults else 0


def compare_readers(options: argparse.Namespace) -> int:
    """Print how far two readers agree, and write the sheet of what they do not for a third."""
    codes = _both(options)
    _print_table(agreement_rows(codes))
    if options.third_sheet:
        empty = sorted(options.folder.glob("sheet_[0-9].tsv"))
        count = write_third_sheet(options.third_sheet, codes, empty, options.seed)
        print(f"\n{count:,} codes read differently in {options.third_sheet}, for a third reading")
    return 0


def settle(options: argparse.Namespace) -> int:
    """Write the table of double codings."""
    sample, vocabulary = _given(options)
    codings = adjudicate(_both(options), sound_readings(options.third, sample, vocabulary))
    write_double_codings(options.out, codings)
    left = sum(coding.adjudicated is None for coding in codings)
    print(f"{len(codings):,} codes in {options.out}, {left:,} of them read differently and not settled")
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Print a bundle's figures; with ``--list`` what differs in fold fit, never in fold report."""
    codings = [c for c in read_double_codings(options.codings) if options.fold in (None, c.drawn.fold)]
    found = measure(codings, recommended(options.bundle))
    _print_table(evaluation_rows(found))
    if options.list:
        print("\ncode\tcrosswalk\treaders, fold fit alone")
        for one in found:
            if not one.exact and one.coding.drawn.fold == "fit":
                given = one.target.expression if one.target else "(no target)"
                print(f"{one.coding.drawn.code}\t{given}\t{' | '.join(one.coding.defensible)}")
    return 0


def propose(options: argparse.Namespace) -> int:
    """Print rows for ``reviewed.tsv``; why no mechanism can know each is left to be said."""
    found = measure(read_double_codings(options.codings), recommended(options.bundle))
    sure = confidence(found)
    listed = proposals(Store(options.bundle), found, options.release, options.target)
    print("\t".join(("source", "expression", "confidence", "date", "why")))
    for one in listed:
        if one.family:
            print(f"{one.code}\t{one.expression}\t{sure}\t{date.today()}\t")
    print("\n# code\treaders\tcrosswalk\tcodes of the family, or why no row can hold for all of them")
    for one in listed:
        print(f"# {one.code}\t{one.expression}\t{one.crosswalk}\t{one.refused or len(one.family)}")
    return 0


def _given(options: argparse.Namespace) -> tuple[dict[str, Drawn], ClusterVocabulary]:
    return read_sample(options.folder / _SAMPLE), read_vocabulary(options.folder, options.target)


def _both(options: argparse.Namespace) -> list[DoubleReading]:
    sample, vocabulary = _given(options)
    first, second = (sound_readings(sheets, sample, vocabulary) for sheets in (options.a, options.b))
    return both_read(sample, first, second)


def _print_table(rows: Iterable[Sequence[str]]) -> None:
    """Print lines of cells, the first to the left, the others to the right, each as wide as its widest."""
    lines = list(rows)
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for name, *cells in lines:
        print(name.ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells, widths[1:], strict=True)), sep="  ")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.double_coding",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    steps = parser.add_subparsers(required=True, metavar="STEP")

    step = steps.add_parser("draw", help="draw the sample and write the readers' sheets")
    step.add_argument("--bundle", type=Path, default=Path("bundle"))
    step.add_argument("--out", type=Path, required=True, help="folder for sheets and sample")
    step.add_argument("--exclude", type=Path, action="append", default=[], help="table of codes to leave out")
    step.add_argument("--since", default="2024", help="codes that this release lacks are new")
    step.add_argument("--size", type=int, default=1000)
    step.add_argument("--sheets", type=int, default=4)
    step.add_argument("--seed", type=int, default=2027)
    step.set_defaults(run=draw_sample)

    check = steps.add_parser("check", help="say what is wrong with filled sheets of one reader")
    check.add_argument("sheets", type=Path, nargs="+", help="filled sheets")
    check.set_defaults(run=check_sheets)
    compare = steps.add_parser("compare", help="how far two readers agree")
    compare.add_argument("--third-sheet", type=Path, help="write what they read differently, for a third")
    compare.add_argument("--seed", type=int, default=2027, help="for the order of the two readings")
    compare.set_defaults(run=compare_readers)
    settled = steps.add_parser("settle", help="write the table of double codings")
    settled.add_argument(
        "--third", type=Path, nargs="+", default=[], help="filled sheets of the third reader"
    )
    settled.add_argument("--out", type=Path, default=DOUBLE_CODINGS)
    settled.set_defaults(run=settle)
    proposed = steps.add_parser("propose", help="what both readers give against the crosswalk")
    proposed.set_defaults(run=propose)
    for reading in (check, compare, settled):
        reading.add_argument("--folder", type=Path, required=True, help="what 'draw' wrote")
    for reading in (compare, settled):
        reading.add_argument("--a", type=Path, nargs="+", required=True, help="filled sheets of one reader")
        reading.add_argument("--b", type=Path, nargs="+", required=True, help="those of the other")
    for reading in (step, proposed):
        reading.add_argument("--release", default="2027", help="ICD-10-CM release that is read")
    for reading in (step, check, compare, settled, proposed):
        reading.add_argument("--target", default="2025-01", help="ICD-11 release that readers are given")

    measured = steps.add_parser("eval", help="measure a bundle's crosswalk")
    for measure_step in (measured, proposed):
        measure_step.add_argument("--bundle", type=Path, default=Path("bundle"))
        measure_step.add_argument("--codings", type=Path, default=DOUBLE_CODINGS)
    measured.add_argument("--fold", choices=FOLDS, help="one fold alone")
    measured.add_argument("--list", action="store_true", help="list what differs in fold fit")
    measured.set_defaults(run=evaluate)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; a fault of the files is one line."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (TenElevenError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
