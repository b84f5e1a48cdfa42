"""The MCP server, asked by the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import TextContent, TextResourceContents

from web.mcp.answers.codes import Option
from web.mcp.answers.search import Candidate, Question, SearchAnswer
from web.mcp.current import CurrentBundle
from web.mcp.server import TOOLS, mcp_server
from web.mcp.size import fitted

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
NO_CODES = {"claim": {"setting": "professional", "date_of_service": "2026-11-02", "diagnoses": []}}

#: A call of every tool that the small bundle answers.
CALLS: dict[str, dict[str, Any]] = {
    "search_codes": {"query": "type 2 diabetes"},
    "get_codes": {"codes": ["E11.9", "S52.501A", "Q99.99Q"]},
    "validate_codes": {"codes": ["e119", "E11", "E11.8"], "date": "2026-11-02"},
    "map_codes": {"codes": ["E11.9", "Q99.99Q"]},
    "explain_mapping": {"code": "E11.9"},
    "validate_expression": {"expression": "NC32.5&XK9K"},
    "check_claim": {
        "claim": {
            "setting": "professional",
            "date_of_service": "2026-11-02",
            "diagnoses": [{"code": "E11"}],
        }
    },
    "browse": {},
    "list_releases": {},
}


def asked(bundle: Path, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured answer of a tool, asked in this process."""
    answer: dict[str, Any] = in_process(bundle, lambda client: called(client, tool, arguments))
    return answer


def in_process(bundle: Path, use: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(mcp_server(CurrentBundle(bundle).now)) as client:
            return await use(client)

    return asyncio.run(run())


def text_of(content: object) -> str:
    """The text of a part of an answer that must be text."""
    assert isinstance(content, TextContent | TextResourceContents)
    return content.text


async def called(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    assert answer.structured_content is not None
    assert json.loads(text_of(answer.content[0])) == answer.structured_content
    return dict(answer.structured_content)


def test_there_are_at_most_nine_tools_and_all_only_read(small_bundle: Path) -> None:
    tools = in_process(small_bundle, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == {function.__name__ for function in TOOLS} == set(CALLS)
    assert len(tools) <= 9
    assert all(tool.annotations.read_only_hint and tool.output_schema and tool.description for tool in tools)


def test_every_parameter_but_the_plain_ones_is_described(small_bundle: Path) -> None:
    tools = in_process(small_bundle, lambda client: client.list_tools()).tools
    silent = [
        (tool.name, name)
        for tool in tools
        for name, schema in tool.input_schema["properties"].items()
        if "description" not in schema
    ]
    assert not silent


@pytest.mark.parametrize("tool", CALLS)
def test_an_answer_fits_its_schema_is_small_and_says_release_and_source(
    small_bundle: Path, tool: str
) -> None:
    async def use(client: Client) -> tuple[dict[str, Any], dict[str, Any]]:
        schemas = {each.name: each.output_schema for each in (await client.list_tools()).tools}
        schema = schemas[tool]
        assert schema is not None
        return schema, await called(client, tool, CALLS[tool])

    schema, answer = in_process(small_bundle, use)
    Draft202012Validator(schema).validate(answer)
    assert answer["release"]
    assert answer["source"]
    assert len(json.dumps(answer, separators=(",", ":"))) <= 2000


def test_a_list_succeeds_in_part(small_bundle: Path) -> None:
    known, unknown = asked(small_bundle, "map_codes", codes=["E11.9", "Q99.99Q"])["results"]
    assert known["expression"].startswith("5A11")
    assert known["error"] is None
    assert unknown["code"] is None
    assert "Q99.99Q" in unknown["error"]["detail"]


def test_what_does_not_fit_is_counted_and_can_be_had_whole(small_bundle: Path) -> None:
    codes = ["E11.9"] * 60
    short = asked(small_bundle, "map_codes", codes=codes)
    whole = asked(small_bundle, "map_codes", codes=codes, full=True)
    assert short["left_out"] == 60 - len(short["results"]) > 0
    assert short["more"]
    assert (len(whole["results"]), whole["left_out"]) == (60, 0)


def test_nonsense_has_no_code_to_take(small_bundle: Path) -> None:
    answer = asked(small_bundle, "search_codes", query="zorbian wobble of the blue flange")
    assert answer["match"] == "none"
    assert answer["ambiguous"]


def test_a_retired_code_says_what_to_use_instead(small_bundle: Path) -> None:
    (result,) = asked(small_bundle, "validate_codes", codes=["E11.8"], date="2026-11-02")["results"]
    assert (result["status"], result["suggestion"]) == ("retired", ["E11.A"])


def test_a_cluster_leads_back_to_the_codes_that_become_it(small_bundle: Path) -> None:
    there = asked(small_bundle, "map_codes", codes=["S52.501A"])["results"][0]["expression"]
    assert "&" in there
    back = asked(small_bundle, "explain_mapping", code=there, system="icd-11", target="icd-10-cm")
    assert back["expression"] == "S52.501A"


def test_an_error_of_a_tool_is_a_sentence(small_bundle: Path) -> None:
    async def use(client: Client) -> Any:
        return await client.call_tool("browse", {"system": "icd-12"})

    answer = in_process(small_bundle, use)
    assert answer.is_error
    assert "unknown code system 'icd-12'" in answer.content[0].text


def test_no_finding_is_told_apart_from_not_checked(claim_bundle: Path) -> None:
    answer = asked(claim_bundle, "check_claim", **NO_CODES)
    assert answer["not_checked_total"] > 0
    assert answer["not_checked"]


def test_resources_and_prompts_can_be_read(small_bundle: Path) -> None:
    async def use(client: Client) -> tuple[list[str], list[str]]:
        uris = [resource.uri for resource in (await client.list_resources()).resources]
        texts = [text_of((await client.read_resource(uri)).contents[0]) for uri in uris]
        prompts = [
            (await client.get_prompt("code_an_encounter", {"note": "type 2 diabetes"})),
            (await client.get_prompt("explain_a_transition", {"code": "E11.9"})),
        ]
        return texts, [text_of(prompt.messages[0].content) for prompt in prompts]

    texts, prompts = in_process(small_bundle, use)
    assert any("World Health Organization" in text for text in texts)
    assert any("facets_lost" in text for text in texts)
    assert all("no code" in prompt.lower() for prompt in prompts)


def test_it_says_at_once_that_no_code_is_stated_that_no_tool_returned(small_bundle: Path) -> None:
    async def use(client: Client) -> str | None:
        return client.instructions

    assert "State no code that no tool returned" in in_process(small_bundle, use)


def test_it_answers_over_standard_input_and_output(small_bundle: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "teneleven", "mcp", "--bundle", str(small_bundle)],
        env=ENVIRONMENT,
    )

    async def run() -> dict[str, Any]:
        async with Client(stdio_client(server)) as client:
            return await called(client, "validate_codes", CALLS["validate_codes"])

    assert asyncio.run(run())["valid"] == 1


def test_it_answers_over_http(small_bundle: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = (sys.executable, "-m", "teneleven", "mcp", "--bundle", str(small_bundle), "--http", place)
    process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    try:
        _wait_for(place)

        async def run() -> dict[str, Any]:
            async with Client(f"http://{place}/mcp") as client:
                return await called(client, "map_codes", CALLS["map_codes"])

        assert asyncio.run(run())["results"][0]["expression"].startswith("5A11")
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(place: str) -> None:
    host, _, port = place.partition(":")
    for _ in range(300):
        try:
            socket.create_connection((host, int(port)), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"nothing answers at {place}")


def test_the_example_codes_encounters_and_states_only_codes_of_the_bundle(
    small_bundle: Path, tmp_path: Path
) -> None:
    encounters = tmp_path / "encounters.json"
    phrases = ["type 2 diabetes mellitus without complications", "zorbian wobble of the blue flange"]
    encounter = {"id": "1", "setting": "office", "date": "2026-11-02", "age": 58, "sex": "F"}
    encounters.write_text(json.dumps([{**encounter, "assessment": phrases}]))
    script = ROOT / "docs" / "examples" / "code_encounters.py"
    command = (sys.executable, script, "--bundle", small_bundle, encounters)
    run = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert re.findall(r"^  (E11\S*|no code) ", run.stdout, re.MULTILINE)[:2] == ["E11.9", "no code"]
    assert "edits were not checked" in run.stdout


@pytest.mark.parametrize("tool", CALLS)
def test_an_argument_that_a_tool_has_not_is_refused(small_bundle: Path, tool: str) -> None:
    async def ask(client: Client) -> None:
        schemas = {each.name: each.input_schema for each in (await client.list_tools()).tools}
        assert schemas[tool]["additionalProperties"] is False
        refused = await client.call_tool(tool, {**CALLS[tool], "relaese": "2024"})
        assert refused.is_error
        assert "relaese" in str(refused.content)

    in_process(small_bundle, ask)


def test_an_expression_is_read_by_the_release_of_a_day(small_bundle: Path) -> None:
    answer = asked(small_bundle, "validate_expression", expression="5A11", date="2026-11-02")
    assert answer["release"] == "2025-01"


def test_the_options_of_a_question_give_way_last() -> None:
    options = tuple(Option("a label of forty characters or thereabouts", f"S52.{n}") for n in range(60))
    question = Question("encounter", options)
    empty: dict[str, Any] = dict.fromkeys(("unused_words", "denied", "did_you_mean", "not_in_use"), ())
    candidates = (Candidate("S52", "Fracture", "category", False, 1.0, "title"),) * 3
    answer = SearchAnswer(
        "q", "icd-10-cm", "2027", "s", "exact", "r", True, (question,), candidates, 3, **empty
    )
    short = fitted(answer, ("ask.options", "ask", "candidates"), full=False)
    assert len(short.candidates) == len(short.ask) == 1
    assert short.left_out == 2 + len(options) - len(short.ask[0].options)
