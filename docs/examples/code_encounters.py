"""Codes written encounters through the MCP tools, without a model.

    python docs/examples/code_encounters.py --bundle bundle [ENCOUNTERS.json]

It does what an agent is asked to do, by rule: it searches each phrase of an assessment, settles what ``ask``
asks by the words of the phrase, keeps the candidate and says "not documented" where they are silent, takes no
code where the match is ``none``, validates all codes on the date and has the claim checked. It prints no code
that no tool returned. A person has to look at what it proposes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

ENCOUNTERS = Path(__file__).with_name("encounters.json")
_SETTINGS = {"office": "professional", "outpatient": "outpatient", "inpatient": "inpatient"}
_SILENT = re.compile(r"\b(of|the|to|with|without|for|a|an|and|or|side)\b|[^a-z0-9 ]")


async def main(bundle: Path, encounters: Path) -> None:
    """Code every encounter of a file and print what was found."""
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "teneleven", "mcp", "--bundle", str(bundle)]
    )
    async with Client(stdio_client(server)) as client:
        for encounter in json.loads(encounters.read_text("utf-8")):
            print("\n".join(await coded(client, encounter)))


async def coded(client: Client, encounter: dict[str, Any]) -> list[str]:
    """Return the lines that tell how an encounter is coded."""
    lines, codes = [f"Encounter {encounter['id']}, {encounter['setting']}, {encounter['date']}"], []
    for phrase in encounter["assessment"]:
        code, said = await code_of(client, phrase, encounter["date"])
        lines.append(f"  {code or 'no code':<9} {phrase}: {said}")
        codes += [code] if code else []
    if not codes:
        return lines
    checked = await asked(client, "validate_codes", codes=codes, date=encounter["date"])
    wrong = [each for each in checked["results"] if each["status"] != "valid"]
    lines += [f"  {each['code']:<9} {each['message']}" for each in wrong]
    lines += await findings(client, encounter, codes)
    return [*lines, f"  says {checked['source']}"]


async def code_of(client: Client, phrase: str, date: str) -> tuple[str | None, str]:
    """Return the code of a phrase, and what is to be said of it."""
    found = await asked(client, "search_codes", query=phrase, date=date, billable=True)
    if found["match"] == "none":
        return None, found["reason"]
    code, title = found["candidates"][0]["code"], found["candidates"][0]["title"]
    missing = []
    for question in found["ask"]:
        option = settled(question["options"], phrase, code)
        if option is None:
            missing.append(question["facet"])
        elif option["code"] != code and len(found["ask"]) == 1:
            code, title = option["code"], option["label"]
    said = title if found["match"] == "exact" else f"{title} [{found['match']}: {found['reason']}]"
    return code, f"{said} (not documented: {', '.join(missing)})" if missing else said


def settled(options: list[dict[str, str]], phrase: str, code: str) -> dict[str, str] | None:
    """Return the one option whose words the phrase has; ``None`` where none or several have."""
    words = set(plain(phrase))
    fitting = [each for each in options if (own := set(plain(each["label"]))) and own <= words]
    chosen = [each for each in options if each["code"] == code]
    return fitting[0] if len(fitting) == 1 else (chosen[0] if fitting and chosen else None)


def plain(text: str) -> Iterable[str]:
    """Return the words of a text that say something."""
    return _SILENT.sub(" ", text.lower()).split()


async def findings(client: Client, encounter: dict[str, Any], codes: list[str]) -> list[str]:
    """Return a line for each error and warning of the claim, and how much was not checked."""
    claim = {
        "setting": _SETTINGS[encounter["setting"]],
        "date_of_service": encounter["date"],
        "patient": {"age": encounter["age"], "sex": encounter["sex"]},
        "diagnoses": [{"code": code} for code in dict.fromkeys(codes)],
    }
    if encounter["setting"] == "inpatient":
        claim |= {"admission_date": encounter["date"], "discharge_date": encounter["date"]}
    report = await asked(client, "check_claim", claim=claim)
    told = [f"  {f['severity']}: {f['message']} ({f['source']})" for f in report["findings"]]
    return [*told, f"  {report['not_checked_total']} edits were not checked"]


async def asked(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Return the structured answer of a tool; an error of the tool ends the program with its sentence."""
    answer = await client.call_tool(tool, arguments)
    if answer.is_error or answer.structured_content is None:
        raise SystemExit(f"{tool}: {answer.content[0].text}")
    return answer.structured_content


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Code written encounters through the MCP tools.")
    parser.add_argument("encounters", nargs="?", type=Path, default=ENCOUNTERS)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    chosen = parser.parse_args()
    asyncio.run(main(chosen.bundle, chosen.encounters))
