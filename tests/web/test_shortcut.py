"""The shortcut in front of the application answers what the application does, header for header."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from terminology.bundle.kept import RecentAnswers
from web.app import create_app
from web.http.shortcut import Shortcut
from web.opened import opened
from web.settings import Settings

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Headers = list[tuple[str, str]]

CM = quote("http://hl7.org/fhir/sid/icd-10-cm", safe="")
MMS = quote("http://id.who.int/icd/release/11/mms", safe="")

SHORT = [
    "/api/v1/codes/icd-10-cm/E11.9",
    "/api/v1/codes/icd-10-cm/e119",
    "/api/v1/codes/icd-11/5A11",
    "/api/v1/crosswalk/icd-10-cm/E11.9",
    "/api/v1/crosswalk/icd-10/E11",
    "/api/v1/crosswalk/icd-11/5A11",
    f"/fhir/r4/CodeSystem/$lookup?system={CM}&code=E11.9",
    f"/fhir/CodeSystem/$lookup?system={CM}&code=E11.9&_format=json",
    f"/fhir/r5/CodeSystem/$lookup?system={MMS}&code=5A11&_pretty=true",
    f"/fhir/r5/CodeSystem/$lookup?system={MMS}&code=5A11&_format=xml",
    f"/fhir/r4/CodeSystem/$validate-code?url={CM}&code=E11.9",
    f"/fhir/r4/ValueSet/$validate-code?url={CM}%3Ffhir_vs&system={CM}&code=E11.9",
    f"/fhir/r5/ConceptMap/$translate?system={CM}&sourceCode=E11.9&targetSystem={MMS}",
]
LONG = [
    "/api/v1/codes/icd-10-cm/ZZZ",
    "/api/v1/codes/no-such-system/E11.9",
    "/api/v1/codes/icd-10-cm/E11.9?release=2017",
    "/api/v1/codes/icd-10-cm/E11/children",
    "/api/v1/crosswalk/icd-10-cm/ZZZ",
    "/api/v1/crosswalk/hcpcs/A0000",
    "/api/v1/crosswalk/icd-11/5A11?target=icd-10-cm",
    f"/fhir/r4/CodeSystem/$lookup?system={CM}&code=ZZZ",
    "/fhir/r4/CodeSystem/$lookup",
    f"/fhir/r4/CodeSystem/$lookup?system={CM}&code=E11.9&_format=ttl",
]


@pytest.fixture(scope="module")
def shortcut(small_bundle: Path) -> Shortcut:
    made = create_app(small_bundle).wsgi_app
    assert isinstance(made, Shortcut)
    return made


def told(app: WSGIApplication, path: str, method: str = "GET", **headers: str) -> tuple[str, Headers, bytes]:
    answer = Client(app).open(
        path, method=method, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    own = ("date", "x-request-id")  # of every answer its own
    kept = [(name, value) for name, value in answer.headers if name.lower() not in own]
    return answer.status, sorted(kept), answer.get_data()


@pytest.mark.parametrize("path", SHORT)
def test_a_short_answer_is_the_application_s_header_for_header(shortcut: Shortcut, path: str) -> None:
    assert told(shortcut, path) == told(shortcut.inner, path)
    for accepted in ("gzip", "gzip, deflate, br"):
        packed = {"Accept_Encoding": accepted}
        assert told(shortcut, path, **packed) == told(shortcut.inner, path, **packed)


@pytest.mark.parametrize("path", SHORT)
def test_short_answers_do_not_reach_the_application(shortcut: Shortcut, path: str) -> None:
    alone = Shortcut(shortcut.app, out_of_reach)
    assert told(alone, path)[0] == "200 OK"


@pytest.mark.parametrize("path", LONG)
def test_everything_else_is_left_to_the_application(shortcut: Shortcut, path: str) -> None:
    assert told(shortcut, path) == told(shortcut.inner, path)
    with pytest.raises(AssertionError, match="application"):
        told(Shortcut(shortcut.app, out_of_reach), path)


def test_conditions_origins_and_other_methods_are_left_to_the_application(shortcut: Shortcut) -> None:
    path = SHORT[0]
    tag = dict(told(shortcut, path)[1])["ETag"]
    assert told(shortcut, path, If_None_Match=tag)[0] == "304 NOT MODIFIED"
    for method in ("HEAD", "OPTIONS", "POST", "DELETE"):
        assert told(shortcut, path, method) == told(shortcut.inner, path, method)
    crossing = {"Origin": "https://example.org"}
    assert told(shortcut, SHORT[3], **crossing) == told(shortcut.inner, SHORT[3], **crossing)


def test_a_kept_answer_is_for_the_headers_it_was_made_for(shortcut: Shortcut) -> None:
    lookup = SHORT[6]
    for headers in (
        {},
        {"Accept": "application/fhir+xml"},
        {"Accept": "application/fhir+json", "Accept-Encoding": "br"},
        {"Accept-Language": "en-GB"},
        {"Origin": "https://example.org"},
        {},
    ):
        assert told(shortcut, lookup, **headers) == told(shortcut.inner, lookup, **headers)


def test_a_name_that_is_not_the_server_s_gets_no_short_answer(small_bundle: Path) -> None:
    app = create_app(small_bundle, Settings(hosts="codes.example.org"))
    for path in (SHORT[0], SHORT[6]):
        assert told(app.wsgi_app, path, Host="codes.example.org")[0] == "200 OK"
        assert told(app.wsgi_app, path, Host="evil.example")[0].startswith("400")
        assert told(app.wsgi_app, path, Host='a"><b')[0].startswith("400")


def test_answers_to_endless_questions_are_not_kept(shortcut: Shortcut) -> None:
    here = opened(shortcut.app)
    told(shortcut, SHORT[6])

    def kept() -> int:
        return sum(
            len(answers) if isinstance(answers, RecentAnswers) else answers.cache_info().currsize
            for answers in here.kept.values()
        )

    before = kept()
    assert told(shortcut, f"{SHORT[6]}&version={'9' * 4_000}")[0].startswith("4")
    assert told(shortcut, SHORT[6], Accept=f"application/json;q={'0' * 4_000}") == told(
        shortcut.inner, SHORT[6], Accept=f"application/json;q={'0' * 4_000}"
    )
    assert kept() == before


def test_short_answers_are_counted(shortcut: Shortcut) -> None:
    told(shortcut, SHORT[0])
    counted = told(shortcut, "/metrics")[2].decode()
    assert 'route="/api/v1/codes/<system>/<code>"' in counted


def out_of_reach(environ: object, start_response: object) -> list[bytes]:
    raise AssertionError("this was for the application")
