"""The engine as a whole, on a small corpus and on the real releases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from terminology.cluster import ClusterVocabulary, parse, validate
from terminology.concept import Kind, PostcoordinationAxis
from terminology.crosswalk.engine import Engine, build_crosswalk
from terminology.crosswalk.model import Motif, Relationship, Representation
from terminology.crosswalk.read.facets import read_title
from tests.terminology.crosswalk.small_corpus import MMS, corpus_without_tables, small_corpus


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(small_corpus())


def expression(engine: Engine, code: str) -> str:
    target = engine.map(code).recommended
    assert target is not None
    return target.expression


def test_who_target_of_the_same_title_is_taken(engine: Engine) -> None:
    crosswalk = engine.map("I10")
    assert expression(engine, "I10") == "BA00.Z"
    assert crosswalk.representation is Representation.FULL
    assert crosswalk.targets[0].relationship is Relationship.EQUIVALENT


def test_every_target_names_the_row_it_comes_from(engine: Engine) -> None:
    steps = engine.map("I10").targets[0].provenance
    assert any("10To11MapToOneCategory 2024-01, row 6" in step.source for step in steps)


def test_equal_title_beats_the_who_target(engine: Engine) -> None:
    assert expression(engine, "R05.9") == "MD12"


def test_more_specific_stem_is_found_beside_the_who_target(engine: Engine) -> None:
    assert expression(engine, "N18.1") == "GB61.0"


def test_side_is_said_by_an_extension_code(engine: Engine) -> None:
    assert expression(engine, "M17.11") == "FA01.0&XK9K"
    assert expression(engine, "M17.12") == "FA01.0&XK8G"


def test_side_of_a_who_row_that_the_title_does_not_name_is_left_out(engine: Engine) -> None:
    assert "XK9K" not in expression(engine, "S82.2")


def test_loaded_axes_of_a_stem_are_obeyed() -> None:
    corpus = small_corpus()
    axis = PostcoordinationAxis("laterality", False, "NotAllowed", (f"{MMS}/83",))
    target = [replace(c, axes=(axis,)) if c.code == "FA01.0" else c for c in corpus.target]
    engine = Engine(replace(corpus, target=target))
    assert expression(engine, "M17.11") == "FA01.0&XK9K"
    assert expression(engine, "M17.12") == "FA01.0"
    assert "laterality=left" in engine.map("M17.12").targets[0].facets_lost


def test_site_missing_from_the_stem_is_said_by_anatomy(engine: Engine) -> None:
    assert expression(engine, "M25.562") == "ME82&XA8RL1&XK8G"
    assert engine.map("M25.562").representation is Representation.FULL_POSTCOORDINATED


def test_complication_is_joined_as_a_further_stem(engine: Engine) -> None:
    assert expression(engine, "E11.42") == "5A11/8C03.0"


def test_other_specified_source_takes_the_other_specified_residual(engine: Engine) -> None:
    assert expression(engine, "G43.8") == "8A80.Y"
    assert expression(engine, "G43.9") == "8A80.Z"


def test_fracture_facets_are_said_and_the_encounter_is_named_as_lost(engine: Engine) -> None:
    target = engine.map("S82.201A").targets[0]
    assert target.expression == "NC92.2&XJ44E&XJ8PQ&XK9K"
    assert "encounter=initial" in target.facets_lost
    assert {"laterality=right", "displacement=displaced", "fracture-opening=closed"} <= set(
        target.facets_kept
    )


def test_a_stem_that_says_how_a_condition_came_narrows_the_source(engine: Engine) -> None:
    target, representation = engine.judged("M17", parse("FA01.0"))
    assert target.facets_added == ("detail=Primary osteoarthritis of knee",)
    assert representation is Representation.PARTIAL


def test_lost_facet_makes_the_representation_partial(engine: Engine) -> None:
    assert engine.map("S82.201A").representation is Representation.PARTIAL


def test_no_facet_of_the_source_is_dropped(engine: Engine) -> None:
    for crosswalk in build_crosswalk(small_corpus()):
        reading = read_title(crosswalk.source_title, crosswalk.source_code)
        for target in crosswalk.targets:
            named = Counter((*target.facets_kept, *target.facets_lost))
            assert named == Counter({str(f) for f in reading.facets})


def test_without_tables_titles_answer_and_say_so() -> None:
    engine = Engine(corpus_without_tables())
    target = engine.map("M17.11").targets[0]
    assert target.expression == "FA01.0&XK9K"
    assert any("no WHO table is loaded" in step.detail for step in target.provenance)
    with_tables = Engine(small_corpus()).map("M17.11").targets[0].confidence
    assert target.confidence is not None and with_tables is not None
    assert target.confidence < with_tables


def test_code_without_any_counterpart_has_no_target_and_motif_no_mapping() -> None:
    found = {c.source_code: c for c in build_crosswalk(corpus_without_tables())}
    assert found["Z99"].targets == ()
    assert found["Z99"].representation is Representation.NONE
    assert found["Z99"].motif is Motif.NO_MAPPING


def test_every_code_and_category_is_answered_in_order() -> None:
    corpus = small_corpus()
    answered = [c.source_code for c in build_crosswalk(corpus)]
    assert answered == [c.code for c in corpus.source if c.kind in (Kind.CATEGORY, Kind.CODE)]


def test_codes_that_share_a_target_are_subclass_to_class() -> None:
    found = {c.source_code: c for c in build_crosswalk(small_corpus())}
    assert found["E11"].motif is Motif.SUBCLASS_TO_CLASS
    assert found["M17.12"].motif is Motif.IDENTITY


@pytest.mark.realdata
def test_real_expressions_are_valid_and_keep_the_side(real_engine: Engine) -> None:
    engine, corpus = real_engine, real_engine.corpus
    vocabulary = ClusterVocabulary.of(corpus.target_release, corpus.target)
    codes = [c.code for c in corpus.source if c.billable][::397]
    for code in codes:
        crosswalk = engine.map(code)
        assert crosswalk.targets, code
        sides = read_title(crosswalk.source_title, code).sides
        for target in crosswalk.targets:
            assert validate(target.expression, vocabulary).valid, target.expression
            assert "right" in sides or "XK9K" not in target.expression, code
            assert "left" in sides or "XK8G" not in target.expression, code


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("I10", "BA00.Z"),
        ("E11.9", "5A11"),
        ("E11.22", "5A11/GB61.Z"),
        ("I11.0", "BA01/BD1Z"),
        ("I48.91", "BC81.3Z"),
        ("J44.1", "CA22.0"),
        ("K21.9", "DA22.Z"),
        ("M17.11", "FA01.0&XK9K"),
        ("M25.561", "ME82&XA8RL1&XK9K"),
        ("N18.31", "GB61.2"),
        ("J30.89", "CA08.03"),
        ("R07.89", "MD30.1"),
        ("R51.9", "MB4D"),
        ("H57.12", "MC18&XK8G"),
        ("C50.911", "2C6Z&XK9K"),
        ("F41.1", "6B00"),
        ("Z37.0", "QA46.0"),
        ("E11.10", "5A11/5A22.0"),
        ("E11.51", "5A11/BD53.Y"),
        ("E11.649", "5A11/5A21.0"),
        ("F10.239", "6C40.2Z/6C40.4Z"),
        ("H92.01", "AB70.2&XK9K"),
        ("J45.20", "CA23.32&XS5W&XT5G"),
        ("S61.211A", "NC52.00&XA6NZ0&XK8G"),
        ("S83.241A", "NC93.30&XK9K"),
        ("T84.84XA", "NE83.Y/MG3Z/PK99.2"),
        ("T82.868A", "NE83.Y/PK91.2Z/PL12.3"),
        ("S72.431A", "NC72.64&XJ44E&XJ8PQ&XK9K"),
        ("S48.012A", "NC18.1"),
        ("Q36.9", "LA40.0"),
        ("F31.64", "6A60.A&XS25"),
        ("R31.0", "MF50.40"),
        ("N64.89", "GB2Y"),
        ("G58.9", "8C1Z"),
        ("S82.63XK", "NC92.6&XJ44E&XJ8PQ/FB80.8"),
        ("W01.0XXA", "PA60"),
        ("Z79.1", "QC48.Y&XM4KS4"),
        ("Z91.81", "QC4Y"),
        ("A41.02", "1G40&XN6BM/MG51.00"),
        ("E05.00", "5A02.0"),
        ("F03.911", "6D8Z/6D86.4"),
        ("F02.82", "6D85.Y/6D86.0"),
        ("F02.81", "6D85.Y/6D86.Z"),
        ("M81.0", "FB83.1Y"),
        ("S63.111A", "NC54.10&XK9K"),
        ("S31.542A", "NB51.3&XA9PG6"),
        ("S82.821A", "NC92.4Y&XJ44E&XJ76E&XK9K"),
        ("P04.89", "KA06.Y"),
        ("I97.820", "8B11/PK80.1Z"),
        ("K91.71", "NE81.Y/PK80.3Z/PL11.0"),
        ("F32.4", "6A70.6"),
        ("F06.31", "6E62.0"),
        ("F13.259", "6C44.2Z/6C44.6"),
        ("T20.24XA", "ND91.1&XA3H13"),
        ("T22.631A", "ND94.1Z&XA6809&XK9K/ND99.1"),
        ("S36.122A", "NB91.2&XJ9NV"),
        ("I25.118", "BA52.0/BA40.Y"),
        ("I77.79", "BD51.Y"),
        ("N14.4", "GB5Z"),
        ("D89.40", "4B4Y"),
        ("R39.851", "MF5Y&XK9K"),
        ("N90.811", "GC51.0Z"),
        ("W18.40XA", "PB6Z"),
        ("V00.841A", "PA21&XE4HS&XE929"),
        ("H90.12", "AB51.0&XK8G"),
        ("I21.11", "BA41.0&XA2QX7"),
        ("I63.412", "8B11.2Z&XA2JH8&XK8G"),
        ("I69.351", "8B25.0/MB53.Z&XK9K"),
        ("L02.212", "1B75.3&XA2P90"),
        ("M21.371", "FA31.4&XK9K"),
        ("M35.00", "4A43.2Z"),
        ("S01.01XA", "NA01.2&XA6CW5"),
        ("U07.1", "RA01.0"),
        ("K57.30", "DC81.1"),
        ("M76.892", "FB54.Y&XK8G"),
        ("H35.3131", "9B75.00&XK9J"),
        ("S02.19XA", "NA02.1A&XJ44E"),
        ("S40.011A", "NC10.1&XA2ND5&XK9K"),
        ("S41.111A", "NC11.0&XA6809&XK9K"),
        ("S52.121A", "NC32.1&XA2N25&XJ44E&XJ8PQ&XK9K"),
        ("S62.617A", "NC53.63&XA73Q6&XJ44E&XJ8PQ&XK8G"),
        ("S82.121A", "NC92.13&XJ44E&XJ8PQ&XK9K"),
        ("S83.511A", "NC93.60&XK9K"),
        ("T38.3X6A", "QA71&XM8S35"),
        ("T40.2X1A", "NE60&XM7S23/PB20"),
        ("T43.222A", "NE60&XM2NP3/PC95"),
        ("T45.515A", "NE60/PL00&XM3W80/PL13.2"),
        ("Z20.822", "QC90.Y&XN109"),
        ("Z88.0", "QC44.2&XM7Q57"),
    ],
)
def test_frequent_codes(real_engine: Engine, code: str, wanted: str) -> None:
    assert expression(real_engine, code) == wanted


@pytest.mark.realdata
def test_a_phrase_read_as_a_wider_one_has_lost_what_it_says(real_engine: Engine) -> None:
    for code in ("I82.411", "I82.413"):
        target = real_engine.map(code).recommended
        assert target is not None
        assert "condition=acute embolism and thrombosis of femoral vein" in target.facets_lost
        assert target.relationship is Relationship.SOURCE_NARROWER


@pytest.mark.realdata
def test_a_ranking_does_not_depend_on_what_was_asked_before(real_engine: Engine) -> None:
    assert expression(real_engine, "P29.8") == "KB4Y"
    assert expression(real_engine, "P29.89") == "KB4Y"
    assert expression(Engine(real_engine.corpus), "P29.89") == "KB4Y"


@pytest.fixture(scope="module")
def real_engine(data_dir: Path) -> Engine:
    from bench.crosswalk_eval import read_corpus  # noqa: PLC0415

    return Engine(read_corpus(data_dir))
