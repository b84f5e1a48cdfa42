"""A bundle of the publishers' real release files, built once and asked the questions users ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from terminology.bundle.concepts.references import references
from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.cluster import validate
from tests.client import Client, client_of
from web.app import create_app

CODE = re.compile(r"\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b")
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def store(real_bundle: Path) -> Store:
    return Store(real_bundle)


@pytest.fixture(scope="module")
def client(real_bundle: Path) -> Client:
    return client_of(create_app(real_bundle))


def test_every_release_has_the_counts_its_publisher_states(store: Store) -> None:
    counts = {(r.system, r.release): r.counts for r in store.manifest.releases}
    for year, entries, billable in (
        ("2024", 97_296, 74_044),
        ("2025", 97_584, 74_260),
        ("2026", 98_186, 74_719),
        ("2027", 98_403, 74_879),
    ):
        found = counts["icd-10-cm", year]
        assert (found["category"] + found["code"], found["billable"]) == (entries, billable), year
        assert found["chapter"] == 22
    eleven = counts["icd-11", "2025-01"]
    assert (eleven["chapter"], eleven["block"], eleven["stem"], eleven["extension"]) == (
        28,
        1_415,
        18_481,
        16_858,
    )
    assert counts["icd-11", "2024-01"]["concepts"] == 36_044
    ten = counts["icd-10", "2019"]
    assert (ten["category"] + ten["code"], ten["block"], ten["chapter"]) == (12_221, 263, 22)
    hcpcs = counts["hcpcs", "2026-07"]
    assert (hcpcs["code"], hcpcs["modifier"]) == (8_683, 383)


def test_fiscal_year_2027_differs_from_2026_as_published(client: Client) -> None:
    diff = client.get("/api/v1/releases/icd-10-cm/diff?from=2026&to=2027&limit=500").json
    assert (diff["added"]["total"], diff["added"]["billable"]) == (238, 190)
    assert diff["deleted"]["total"] == 21
    assert diff["retitled"]["total"] == 4
    assert diff["billable_changes"]["total"] == 15
    assert not any(change["billable"] for change in diff["billable_changes"]["items"])


def test_a_diff_names_predecessors_from_the_conversion_table(client: Client) -> None:
    diff = client.get("/api/v1/releases/icd-10-cm/diff?from=2025&to=2026&limit=500").json
    related = {item["code"]: [r["previous"] for r in item["related"]] for item in diff["added"]["items"]}
    assert "B88.0" in related["B88.01"]


@pytest.mark.parametrize(
    ("system", "code", "title"),
    [
        ("icd-10-cm", "E11.9", "Type 2 diabetes mellitus without complications"),
        ("icd-11", "5A11", "Type 2 diabetes mellitus"),
        ("icd-10", "E11.9", "Type 2 diabetes mellitus: Without complications"),
        ("hcpcs", "LT", "Left side (used to identify procedures performed on the left side of the body)"),
    ],
)
def test_a_code_of_each_system_is_found(client: Client, system: str, code: str, title: str) -> None:
    answer = client.get(f"/api/v1/codes/{system}/{code}").json
    assert answer["title"] == title
    assert answer["path"]


def test_seventh_characters_reach_the_codes_only_the_order_file_lists(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/S52.501A").json
    assert len(answer["seventh_characters"]) == 16
    assert answer["billable"] is True


def test_every_concept_stands_under_a_chapter(store: Store) -> None:
    for system in store.systems():
        for release in store.releases(system):
            loaded = store.release(system, release.id)
            roots = [store.concept(system, r.code, release.id) for r in store.roots(system, release.id)]
            assert {root.kind for root in roots} == {"chapter"}
            assert sum(1 + r.descendants_count for r in roots) == loaded.last_id - loaded.first_id + 1


def test_every_mapping_row_is_resolved_or_listed(store: Store) -> None:
    manifest = store.manifest
    assert manifest.counts["mappings"] == 15_658 + 12_597 + 17_908 + 12_597 + 48_609 + 15_630
    assert 0 < manifest.counts["dangling"] < 2_500


def test_every_category_and_code_of_every_release_has_a_crosswalk(store: Store) -> None:
    mapped = {c.source_code for c in crosswalks(store)}
    for release in store.releases("icd-10-cm"):
        codes = [c for c, _, kind, _ in store.codes("icd-10-cm", release.id) if kind in ("category", "code")]
        assert not set(codes) - mapped, release.id


def test_every_expression_given_is_valid_in_the_target_release(store: Store) -> None:
    vocabulary = cluster_vocabulary(store)
    given = {t.expression for c in crosswalks(store) for t in c.targets}
    assert len(given) > 10_000
    wrong = [expression for expression in given if not validate(expression, vocabulary).valid]
    assert not wrong


def test_search_finds_the_general_code_first(client: Client) -> None:
    for system, code in (("icd-10-cm", "E11.9"), ("icd-11", "5A11")):
        answer = client.get(f"/api/v1/search?q=type+2+diabetes&system={system}").json
        assert answer["results"][0]["code"] == code


def test_lives_agree_with_every_order_file_and_reach_back_before_them(store: Store) -> None:
    on = "SELECT count(*) FROM life WHERE system = 'icd-10-cm' AND billable AND start_on <= ?1 AND "
    for day, billable in (
        ("2023-10-01", 74_044),
        ("2024-10-01", 74_260),
        ("2025-10-01", 74_719),
        ("2026-09-30", 74_719),
        ("2026-10-01", 74_879),
    ):
        (found,) = store.query(f"{on} (end_on IS NULL OR end_on >= ?1)", (day,)).fetchone()
        assert found == billable, day
    assert store.concept("icd-10-cm", "E10.9").valid_from == "2015-10-01"
    walker = store.concept("hcpcs", "E0143")
    assert (walker.valid_from, walker.valid_to) == ("1986-01-01", None)
    (undated,) = store.query(
        "SELECT count(*) FROM life WHERE system = 'hcpcs' AND seq = 0 AND earliest IS NOT start_on "
        "AND length(key) = 5"
    ).fetchone()
    assert undated == 220  # of the 262 without add date, those that are not dental codes or modifiers


def test_nearly_every_note_that_names_another_code_is_read_into_references(store: Store) -> None:
    loaded = store.release("icd-10-cm", "2026")
    span = (loaded.first_id, loaded.last_id)
    known = {code for code, *_ in store.codes("icd-10-cm", "2026")}
    read = set(
        store.query(
            "SELECT DISTINCT concept_id, seq FROM note_reference WHERE concept_id BETWEEN ? AND ?", span
        )
    )
    notes = store.query(
        "SELECT n.concept_id, n.seq, c.code, n.text FROM note AS n JOIN concept AS c ON c.id = n.concept_id "
        "WHERE n.concept_id BETWEEN ? AND ?",
        span,
    )
    naming = {
        (concept, seq): text
        for concept, seq, own, text in notes
        if {code for code in CODE.findall(text) if code in known} - {own}
    }
    assert len(naming) > 10_000
    unread = [text for note, text in naming.items() if note not in read]
    assert len(unread) <= 3, unread  # names of diseases that look like codes: "LGMD R12"
    named = {r.code for r in references(store).naming(store.concept("icd-10-cm", "E11.9", "2026"))}
    assert {"E08", "E10", "O24.1"} <= named
