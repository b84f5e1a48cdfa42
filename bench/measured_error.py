"""How often the engine's claims about a code are the coder's: the rows of ``measured_error.tsv``.

    python -m bench.measured_error --bundle bundle --data DIR [--write]

A claim is what the impact report counts: kept whole, loses a side, longer than 7 characters, to be asked
about. The coder's answer is taken from the expression coded by hand, blind, and from others the coder names
as defensible; what that expression loses is judged by the engine's reading of the title, unless the coder
calls it full. Claims about one code are counted on set 3 of ``bench/codings.tsv``, which was never read while
the engine was worked on. Conditions have few codes in it: for them, the double codings of fold report are
counted too, never read either. Queries have one code in both: they are counted on every coding, of which the
others were read, which flatters. Nothing is printed of a single code.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.coding_eval import UNREAD, read_codings
from bench.crosswalk_eval import read_corpus
from bench.double_coding.adjudicated import read_double_codings
from terminology.bundle.store import Store
from terminology.cluster import parse
from terminology.codes import code_key
from terminology.crosswalk.engine import Engine
from terminology.crosswalk.model import says_nothing
from terminology.facility import Setting
from terminology.impact.coded import Coded, Facility, join_codes
from terminology.impact.measures import choice, comparability, documentation, lengths, losses, workload
from terminology.impact.measures.error_range import REPRESENTATION, error_kind, yes

TABLE = Path(__file__).parents[1] / "terminology" / "impact" / "measured_error.tsv"
_PARTIAL, _FULL = "partial", "full"
_RESIDUAL = ("Y", "Z")
Claim = tuple[str, str, str]
"""What is claimed, the engine's answer, the coder's."""


@dataclass(frozen=True, slots=True)
class HandCoded:
    """A code coded by hand: its expression, how much that says, the stems the coder gives or names."""

    code: str
    expression: str
    representation: str
    alternatives: tuple[str, ...]
    part: str

    @property
    def stems(self) -> tuple[str, ...]:
        """Stems of all its expressions, the chosen one first, each once."""
        every = (parse(e).stem for e in (self.expression, *self.alternatives))
        return tuple(dict.fromkeys(every))


def hand_coded() -> list[HandCoded]:
    """Return every code coded by hand with an expression; ``part`` is its set or fold."""
    singles = [
        HandCoded(c.code, c.expression, c.representation, c.alternatives, str(c.draw)) for c in read_codings()
    ]
    doubles = [
        HandCoded(
            d.drawn.code,
            d.adjudicated.expression,
            d.adjudicated.representation,
            tuple(e for e in d.defensible if e != d.adjudicated.expression),
            d.drawn.fold,
        )
        for d in read_double_codings()
        if d.adjudicated
    ]
    return [each for each in (*singles, *doubles) if each.expression]


def claims(hand: HandCoded, facility: Facility, engine: Engine) -> Iterator[Claim]:
    """Yield what the engine and the coder say of one code of the unread set."""
    coded = facility.codes[code_key(hand.code)]
    yield REPRESENTATION, error_kind(coded.representation, coded.lost), hand.representation
    gone = _lost(hand, engine)
    for kind in sorted({*losses.FACETS, *losses.lost_kinds(coded), *gone}):
        yield losses.lost_claim(kind), yes(kind in losses.lost_kinds(coded)), yes(kind in gone)
    practice = hand.representation != _FULL or bool(hand.alternatives)
    yield workload.PRACTICE, yes(workload.needs_dual_coding(coded, facility.places)), yes(practice)
    yield choice.CHOICE, choice.rival(coded, facility.places), _rival(hand)
    if coded.first is not None:
        ours, theirs = lengths.needs(coded.first.expression), lengths.needs(hand.expression)
        yield from ((name, yes(needed), yes(theirs[name])) for name, needed in ours.items())
        sizes = lengths.claimed_size(coded.first.size), str(lengths.members(hand.expression))
        yield lengths.ENTERED, *sizes


def _lost(hand: HandCoded, engine: Engine) -> frozenset[str]:
    """The kinds of facets that the coder's expression loses: none of what the coder calls full."""
    if hand.representation != _PARTIAL:
        return frozenset()
    target, _ = engine.judged(hand.code, parse(hand.expression))
    return frozenset(f.split("=", 1)[0] for f in target.facets_lost if not says_nothing(f))


def _rival(hand: HandCoded) -> str:
    first, *others = hand.stems
    if not others:
        return choice.SETTLED
    elsewhere = any(stem[: choice.CATEGORY] != first[: choice.CATEGORY] for stem in others)
    return choice.FAR if elsewhere else choice.NEAR


def conditions(hand: HandCoded, facility: Facility) -> Iterator[Claim]:
    """Yield for each watched condition whether a code is of it, by the engine and by the coder."""
    key = code_key(hand.code)
    stems = [group.stem for group in parse(hand.expression).groups]
    for group in comparability.condition_groups():
        place = comparability.places_of(group, facility).get(key)
        before = place is not None and place.before
        inside = [stem.startswith(group.icd_11) for stem in stems]
        for claim, ours, theirs in (
            (comparability.MAIN, place is not None and place.main, inside[0]),
            (comparability.ANY, place is not None and place.any, any(inside)),
        ):
            yield claim, comparability.moves(before=before, after=ours), yes(theirs)


def query(hand: HandCoded, coded: Coded, facility: Facility) -> Iterator[Claim]:
    """Yield whether a clinical code is to be asked about, by the engine and by the coder.

    The coder leaves open a code the engine asks about where a residual or a stem above the options is given,
    or a second stem is named; one it does not ask about, where two stems side by side are named that are no
    residuals.
    """
    if hand.code.startswith(documentation.NOT_CLINICAL):
        return
    asked, places = documentation.query_of(coded, facility), facility.places
    if asked is None:
        named = [stem for stem in hand.stems if not stem.endswith(_RESIDUAL)]
        above = [places.parents.get(stem) for stem in named]
        left_open = len(set(above)) < len(above)
    else:
        options = [option.split(" ", 1)[0] for option in asked.options]
        first = hand.stems[0]
        broader = any(first in places.above(option) for option in options)
        left_open = len(hand.stems) > 1 or first.endswith(_RESIDUAL) or broader
    yield documentation.QUERY, yes(asked), yes(left_open)


def error_rows(coded: Iterable[HandCoded], store: Store, engine: Engine) -> Iterator[str]:
    """Yield the rows of the table: claim, the engine's answer, the coder's, codes."""
    every = list(coded)
    facility = join_codes(store, {Setting.OTHER: {code_key(each.code): 1 for each in every}})
    unread = [each for each in every if each.part == str(UNREAD)]
    apart = [each for each in every if each.part in (str(UNREAD), "report")]
    found: Counter[Claim] = Counter()
    for each in unread:
        found.update(claims(each, facility, engine))
    for each in apart:
        found.update(conditions(each, facility))
    for each in every:
        found.update(query(each, facility.codes[code_key(each.code)], facility))
    order = {claim: place for place, (claim, _, _) in reversed(list(enumerate(found)))}
    for claim, codes in sorted(found.items(), key=lambda row: (order[row[0][0]], row[0])):
        yield "\t".join((*claim, str(codes)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Count the claims; print the rows, or write them below the table's own comments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the publishers' files")
    parser.add_argument("--write", action="store_true", help="write measured_error.tsv")
    asked = parser.parse_args(arguments)
    rows = [*error_rows(hand_coded(), Store(asked.bundle), Engine(read_corpus(asked.data)))]
    table = ["claim\tengine\tcoder\tcodes", *rows]
    if asked.write:
        comments = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("#")]
        TABLE.write_text("\n".join([*comments, *table]) + "\n", "utf-8")
    else:
        print("\n".join(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
