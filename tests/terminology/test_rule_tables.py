"""Our own tables are read by name and type, and a wrong row says where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.crosswalk.read.facets import facet_rules
from terminology.errors import ReleaseFormatError
from terminology.rule_tables import needed, parse_rules


@dataclass(frozen=True, slots=True)
class Rule:
    codes: re.Pattern[str]
    weight: float
    stems: tuple[str, ...]
    stays: bool
    note: str | None
    source: str


HEADING = "codes\tweight\tstems\tstays\tnote\tsource\n"


def test_cells_are_read_by_the_type_of_their_field() -> None:
    (rule,) = parse_rules(HEADING + "E1[01]\t0.5\t5A10 5A11\tyes\t\tWHO\n", "t.tsv", Rule)
    assert rule.codes.match("E11")
    assert rule == Rule(re.compile("E1[01]"), 0.5, ("5A10", "5A11"), True, None, "WHO")


def test_columns_are_known_by_name_whatever_their_order() -> None:
    turned = "source\tnote\tstays\tstems\tweight\tcodes\nWHO\tn\tno\t5A10\t1\tE10\n"
    (rule,) = parse_rules(turned, "t.tsv", Rule)
    assert (rule.source, rule.note, rule.stays) == ("WHO", "n", False)


def test_blanks_around_a_cell_count_in_a_pattern_alone() -> None:
    (rule,) = parse_rules(HEADING + " ?x\t 1 \t 5A10  5A11 \t yes\t n \tWHO \n", "t.tsv", Rule)
    assert rule == Rule(re.compile(" ?x"), 1.0, ("5A10", "5A11"), True, "n", "WHO")


def test_comments_and_blank_lines_are_no_rows() -> None:
    text = "# about\n" + HEADING + "\n# more\nE1\t1\t5A10\tno\t\tWHO\n"
    assert len(list(parse_rules(text, "t.tsv", Rule))) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADING + "E1\t1\t5A10\tno\tWHO\n", "t.tsv, line 2: expected 6 cells, found 5"),
        (HEADING + "E1\thalf\t5A10\tno\t\tWHO\n", "t.tsv, line 2, weight: expected a number, found 'half'"),
        (HEADING + "E1\t1\t5A10\tperhaps\t\tWHO\n", "t.tsv, line 2, stays: expected yes or no"),
        (HEADING + "E(\t1\t5A10\tno\t\tWHO\n", "t.tsv, line 2, codes: expected a regular expression"),
        ("# x\ncodes\tsource\n", "t.tsv, line 2: expected the columns codes, weight"),
        ("", "t.tsv, line 1: expected the columns codes, weight"),
    ],
)
def test_a_wrong_row_is_an_error_with_its_line_and_column(text: str, said: str) -> None:
    with pytest.raises(ReleaseFormatError, match=re.escape(said)):
        list(parse_rules(text, "t.tsv", Rule))


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r", sequela\b", ", sequela"),
        (r"(?<!\[)\bleft\b(?: side$)?(?!,? (?:main )?heart)", "left"),
        (r" ?\[any part[^\]]*\]", "any part"),
        (r"\bpost-?traumatic\b(?! stress)", "traumatic"),
        (r"\bboth eyes|\bright and left\b", ""),
        (r"(?:one|two)", ""),
        (r"ab{0,2}c", "a"),
    ],
)
def test_what_a_pattern_cannot_be_met_without_is_known(pattern: str, literal: str) -> None:
    assert needed(re.compile(pattern)) == literal


@given(st.data())
def test_no_facet_is_met_by_a_text_without_what_its_pattern_needs(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(facet_rules()))
    text = data.draw(st.from_regex(rule.pattern))
    assert needed(rule.pattern) in text
