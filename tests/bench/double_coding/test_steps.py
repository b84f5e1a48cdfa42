"""The way from two readers' sheets to figures, as the commands go it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.double_coding.__main__ import main
from bench.double_coding.adjudicated import DoubleCoding, read_double_codings
from bench.double_coding.compared import THIRD
from bench.double_coding.evaluation import Measured, evaluation_rows, measure, weighted_share
from bench.double_coding.tables import read_table
from bench.recommended import Recommended
from tests.bench.double_coding.small_sample import FIRST, SECOND, write_filled, write_folder


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The options that name what readers were given and what both filled in."""
    folder = write_folder(tmp_path / "given")
    first = write_filled(tmp_path / "sheet_1.A.tsv", FIRST)
    second = write_filled(tmp_path / "sheet_1.B.tsv", SECOND)
    return ["--folder", str(folder), "--a", str(first), "--b", str(second)]


def settled(files: list[str], tmp_path: Path, *options: str) -> dict[str, DoubleCoding]:
    out = tmp_path / "double_codings.tsv"
    assert main(["settle", *files, "--out", str(out), *options]) == 0
    return {coding.drawn.code: coding for coding in read_double_codings(out)}


def test_agreement_is_told_by_group(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *files]) == 0
    rows = {line[:22].strip(): line[22:].split() for line in capsys.readouterr().out.splitlines()}
    assert rows["all"][:2] == ["4", "1.000"]
    assert rows["all"][3] == "0.750"
    assert rows["all"][5] == "1.000"  # the second accepts what the first gives
    assert rows["codes T"][:2] == ["1", "1.000"]
    assert "codes Z" not in rows


def test_third_reader_is_asked_for_what_differs_without_being_told_whose_it_is(
    files: list[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "third.tsv"
    assert main(["compare", *files, "--third-sheet", str(sheet)]) == 0
    rows = [row for _, row in read_table(sheet, THIRD)]
    assert [row["code"] for row in rows] == ["T63.001A"]
    assert {rows[0]["reading_1"], rows[0]["reading_2"]} == {"NE61&XM4KN1/PA78", "NE61/PA78"}
    assert rows[0]["title"] == "Title of T63.001A"
    assert not rows[0]["expression"]


def test_what_both_give_is_settled_and_the_rest_waits_for_a_third(files: list[str], tmp_path: Path) -> None:
    codings = settled(files, tmp_path)
    agreed = codings["M17.11"]
    assert agreed.agreed == "FA01.0&XK9K"
    assert agreed.adjudicated is not None
    assert agreed.adjudicated.expression == "FA01.0&XK9K"
    assert agreed.defensible == ("FA01.0&XK9K", "FA01&XK9K")
    assert codings["T63.001A"].agreed is None
    assert codings["T63.001A"].adjudicated is None
    assert codings["R99"].adjudicated is not None
    assert codings["R99"].adjudicated.representation == "none"
    assert codings["R99"].defensible == ()


def test_third_reading_settles_what_differs_and_nothing_else(files: list[str], tmp_path: Path) -> None:
    third = write_filled(
        tmp_path / "third.C.tsv",
        [("T63.001A", "NE61/PA78", "", "partial"), ("M17.11", "FA01", "", "partial")],
    )
    codings = settled(files, tmp_path, "--third", str(third))
    kept = {code: c.adjudicated.expression for code, c in codings.items() if c.adjudicated}
    assert kept == {"E11.A": "5A11", "M17.11": "FA01.0&XK9K", "R99": "", "T63.001A": "NE61/PA78"}


def test_table_says_who_coded_and_keeps_the_sample(files: list[str], tmp_path: Path) -> None:
    codings = settled(files, tmp_path)
    text = (tmp_path / "double_codings.tsv").read_text()
    assert text.startswith("# Coded twice, blind, by the project; not clinical coders.")
    drawn = codings["T63.001A"].drawn
    assert (drawn.stratum, drawn.weight, drawn.fold) == ("rest-T", 40.0, "report")


def test_faulty_sheet_is_an_error_of_one_line(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_filled(tmp_path / "sheet_1.B.tsv", [("M17.11", "FA99", "", "full")])
    assert main(["compare", *files]) == 1
    assert "sheet_1.B.tsv, line 2" in capsys.readouterr().err
    given = files[1]
    assert main(["check", "--folder", given, str(tmp_path / "sheet_1.B.tsv")]) == 1
    assert "0 sound rows, 1 faults" in capsys.readouterr().out


def test_codings_that_are_not_made_yet_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--codings", str(tmp_path / "none.tsv")]) == 1
    assert "none.tsv is not there; 'python -m bench.double_coding settle'" in capsys.readouterr().err


def target(expression: str, representation: str = "full") -> Recommended:
    return Recommended(expression, 0.9, representation, "equivalent")


def test_target_is_right_that_either_gave_or_accepted(files: list[str], tmp_path: Path) -> None:
    codings = settled(files, tmp_path)

    def one(code: str, found: Recommended | None) -> Measured:
        return Measured(codings[code], found)

    assert one("T63.001A", target("NE61/PA78")).exact
    assert one("T63.001A", target("PA78/NE61&XM4KN1")).exact  # whatever the order
    assert one("T63.001A", target("PA78")).stem
    assert not one("T63.001A", target("NE61")).exact
    assert not one("T63.001A", target("5A11")).stem
    assert not one("T63.001A", None).stem
    assert one("R99", None).exact
    assert not one("R99", target("5A11")).stem


def test_what_nobody_has_settled_is_not_counted_as_wrong(files: list[str], tmp_path: Path) -> None:
    codings = settled(files, tmp_path).values()
    found = measure(codings, {c.drawn.code: target("5A11") for c in codings})
    assert [one.settled for one in found] == [True, False, False, None]
    assert weighted_share(found, lambda m: m.settled)[0] == pytest.approx(1 / (1 + 10 + 40))
    lines = {row[0].strip(): row for row in evaluation_rows(found)}
    assert lines["codes T"][4] == "-"


def test_overclaim_is_against_both_readers(files: list[str], tmp_path: Path) -> None:
    codings = settled(files, tmp_path)
    assert Measured(codings["E11.A"], target("5A11")).overclaims
    assert not Measured(codings["E11.A"], target("5A11", "partial")).overclaims
    assert not Measured(codings["T63.001A"], target("NE61/PA78")).overclaims


def test_share_of_the_frame_counts_each_code_for_its_families(files: list[str], tmp_path: Path) -> None:
    codings = settled(files, tmp_path).values()
    found = measure(codings, {"E11.A": target("5A11"), "M17.11": target("FA01.0&XK9K")})
    share, _ = weighted_share([m for m in found if m.coding.drawn.code != "R99"], lambda m: m.stem)
    assert share == pytest.approx((1 + 10) / (1 + 10 + 40))
