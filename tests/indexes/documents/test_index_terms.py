"""Index entries find the codes they stand for today."""

from __future__ import annotations

from indexes.documents.index_terms import place_index_terms, resolve, spoken
from terminology.concept import IndexTerm
from terminology.mapping import Predecessor

BOOK = "Index to Diseases and Injuries"


def entry(
    *path: str, code: str | None = None, see: str | None = None, column: str | None = None
) -> IndexTerm:
    return IndexTerm(BOOK, "2017", path, code=code, see=see, column=column)


def test_a_printed_code_that_exists_is_itself_even_with_a_dash() -> None:
    assert resolve("S52.5-", {"S525"}, {}) == ("S525", 1.0)


def test_a_retired_code_with_one_successor_is_that_successor() -> None:
    placed = place_index_terms(
        [entry("Old", code="A04.7")], {"A0471": "Colitis"}, [Predecessor("A04.71", "A04.7", 2017, 3)]
    )
    assert [t.text for t in placed["A0471"]] == ["Old"]
    assert placed["A0471"][0].trust < 1


def test_a_code_that_is_gone_falls_to_the_category_that_held_it() -> None:
    found = resolve("G43.A0", {"G43"}, {})
    assert found is not None
    assert found[0] == "G43"
    assert found[1] < 1


def test_an_entry_without_any_code_today_is_left_out() -> None:
    assert resolve("Z99.9", {"A00"}, {}) is None


def test_a_reference_gives_its_term_to_the_code_it_refers_to() -> None:
    entries = [entry("Pain", "abdominal", code="R10.9"), entry("Bellyache", see="Pain, abdominal")]
    placed = place_index_terms(entries, {"R109": "Unspecified abdominal pain"})
    assert [t.text for t in placed["R109"]] == ["Pain, abdominal", "Bellyache"]
    assert "see Pain, abdominal" in placed["R109"][1].source


def test_a_reference_in_the_drug_table_covers_every_column() -> None:
    rows = [
        entry("Tincture", code="T39.1X1", column="Poisoning Accidental (unintentional)"),
        entry("Tincture", code="T39.1X5", column="Adverse effect"),
        entry("Drops", see="Tincture"),
    ]
    placed = place_index_terms(rows, {"T391X1": "Poisoning", "T391X5": "Adverse effect"})
    assert placed["T391X1"][1].text == "poisoning by Drops, accidental"
    assert placed["T391X5"][1].text == "adverse effect of Drops"


def test_tables_say_in_words_what_row_and_column_say_together() -> None:
    neoplasm = entry("Neoplasm, neoplastic", "lung", code="C34.90", column="Malignant Primary")
    assert spoken(neoplasm) == "malignant neoplasm of lung"


def test_every_term_says_where_it_stands() -> None:
    placed = place_index_terms([entry("Cholera", code="A00.9")], {"A009": "Cholera, unspecified"})
    assert placed["A009"][0].source == f"{BOOK} 2017"


def test_an_external_cause_is_trusted_less_at_a_code_that_says_nothing_of_it() -> None:
    titles = {
        "X58": "Exposure to other specified factors",
        "W228": "Striking against other specified objects",
    }
    rows = [
        IndexTerm("External Cause Index", "2026", ("Thirst",), code="X58"),
        IndexTerm("External Cause Index", "2026", ("Striking against", "door"), code="W22.8"),
    ]
    placed = place_index_terms(rows, titles)
    assert placed["X58"][0].trust < placed["W228"][0].trust == 1.0
