"""The one code normaliser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codes import code_key, dotted


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("E11.9", "E119"),
        (" e119 ", "E119"),
        ("e11. 9", "E119"),
        ("E11.", "E11"),
        ("S52.501A", "S52501A"),
        ("A00–A09", "A00-A09"),
        ("5a11.0", "5A110"),
        ("nc32.5&xk9k", "NC325&XK9K"),
        ("BlockL1-1A0", "BLOCKL1-1A0"),
    ],
)
def test_a_code_is_known_in_any_spelling(typed: str, key: str) -> None:
    assert code_key(typed) == key


@pytest.mark.parametrize(
    ("system", "key", "shown"),
    [
        ("icd-10-cm", "E119", "E11.9"),
        ("icd-10-cm", "E11", "E11"),
        ("icd-10-cm", "A00-A09", "A00-A09"),
        ("icd-10", "E119", "E11.9"),
        ("icd-11", "5A110", "5A11.0"),
        ("icd-11", "5A11", "5A11"),
        ("hcpcs", "J1885", "J1885"),
    ],
)
def test_a_code_is_shown_with_its_publishers_dot(system: str, key: str, shown: str) -> None:
    assert dotted(system, key) == shown


@given(st.text(max_size=40))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert code_key(code_key(text)) == code_key(text)


@given(st.from_regex(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}", fullmatch=True))
def test_what_is_shown_has_the_same_key(key: str) -> None:
    assert code_key(dotted("icd-10-cm", key)) == key
