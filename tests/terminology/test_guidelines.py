"""The sections of the Official Guidelines that a code's page points to."""

from __future__ import annotations

import re

from terminology.icd10cm.guidelines import sections_for


def test_each_row_is_one_section_and_no_letter_is_left_out() -> None:
    for chapter in map(str, range(1, 23)):
        sections = sections_for(chapter)
        letters = [s.section.rsplit(".", 1)[1] for s in sections[1:]]
        assert letters == [chr(ord("a") + n) for n in range(len(letters))], chapter
        assert sections[0].section == f"I.C.{chapter}"
        assert not [s.title for s in sections if re.search(r"\.\.|\d [a-z]\. ", s.title)]
        assert [s.page for s in sections] == sorted(s.page for s in sections)
