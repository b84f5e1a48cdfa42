"""Text without accents."""

from __future__ import annotations

from terminology.accents import unaccented


def test_it_takes_off_accents_and_nothing_else() -> None:
    assert unaccented("Ménière's, Kienböck α") == "Meniere's, Kienbock α"
