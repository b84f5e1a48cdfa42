"""A code of ICD-9-CM is answered with what it became, wherever it is asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexes.documents.bundle_input import index_bundle
from loaders.acquire.sources import Sources
from loaders.build import build_bundle
from loaders.progress import Silent
from terminology.bundle.life.code_list import ListStatus, listed_codes
from terminology.bundle.life.icd9_codes import became_icd10, every_icd9_code
from terminology.bundle.store import Store
from terminology.errors import UnknownCodeError
from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.targets import recommended_targets
from web.app import create_app

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def bundle(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gems")
    for name in ("icd10cm", "icd11", "gems"):
        shutil.copytree(fixtures / name, folder / "data" / name)
    shutil.rmtree(folder / "data" / "icd11" / "gnuhealth")
    build_bundle(
        Sources(data=folder / "data", offline=True), folder / "bundle", Silent(), steps=[index_bundle]
    )
    return folder / "bundle"


@pytest.fixture
def store(bundle: Path) -> Iterator[Store]:
    opened = Store(bundle)
    yield opened
    opened.close()


def sentence(store: Store, code: str) -> str:
    became = became_icd10(store, code)
    assert became is not None
    return became.sentence


def test_the_flags_are_said_in_words(store: Store) -> None:
    assert sentence(store, "001.0") == "a code of ICD-9-CM, which became A00.0 by CMS's GEMs of 2018"
    assert "became approximately A00.9 by" in sentence(store, "ICD9:001.9")
    assert "name no code of ICD-10-CM" in sentence(store, "038.12")
    assert "became approximately one of T52.8X1A, T52.8X1S by" in sentence(store, "965.0")
    assert "T52.8X1A with one of B10.81, C00.0 together" in sentence(store, "96502")


def test_other_codes_are_none(store: Store) -> None:
    assert became_icd10(store, "A00.0") is None
    assert became_icd10(store, "999.9") is None
    assert became_icd10(store, "icd11:1A00") is None


def test_a_lookup_says_what_it_became(store: Store) -> None:
    with pytest.raises(
        UnknownCodeError, match=r"001\.0 is a code of ICD-9-CM, which became A00\.0"
    ) as caught:
        store.concept("icd-10-cm", "001.0", on=DAY)
    assert caught.value.suggestions == ("A00.0",)


def test_a_list_gets_its_successors(store: Store) -> None:
    one, none = listed_codes(store, "icd-10-cm", ["965.0", "038.12"], DAY)
    assert (one.status, one.suggestion) == (ListStatus.NOT_FOUND, ("T52.8X1A", "T52.8X1S"))
    assert none.suggestion == ()
    assert "name no code" in none.message


def test_a_batch_suggests_them(bundle: Path, store: Store) -> None:
    answers = Answers(recommended_targets(bundle, DAY))
    assert (answers.to("001.0").status, answers.to("001.0").suggestion) == ("icd-9-code", "A00.0")
    assert answers.to("E849.7").suggestion == "M35.2"
    assert answers.to("999.9").suggestion is None
    assert len(dict(every_icd9_code(store))) == 6


def test_the_faces_answer_alike(bundle: Path) -> None:
    client: FlaskClient = create_app(bundle).test_client()
    found = client.get("/api/v1/search?q=001.0").get_json()
    assert found["did_you_mean"] == ["A00.0"]
    assert "which became A00.0" in found["not_loaded"]
    assert "which became A00.0" in client.get("/?q=001.0").get_data(as_text=True)
    missed = client.get("/api/v1/codes/icd-10-cm/001.0").get_json()
    assert missed["suggestions"] == ["A00.0"]
    mapped = client.get("/api/v1/crosswalk/icd-10-cm/001.0")
    assert "which became A00.0" in mapped.get_json()["detail"]
