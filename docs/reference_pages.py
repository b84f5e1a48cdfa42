"""Writes the reference pages from the program itself: ``python docs/reference_pages.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).parent.parent))

from teneleven.command_line import COMMANDS, cli
from web.openapi.complete import operations_of

FOLDER = Path(__file__).parent / "reference"


def commands_page() -> str:
    """Return the page of all commands with their arguments and options."""
    lines = ["# Commands", "", "Written by `docs/reference_pages.py` from the commands themselves.", ""]
    context = click.Context(cli, info_name="teneleven")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        lines += [f"## teneleven {name}", "", command.get_help(inner).split("\n\n", 1)[0].strip(), ""]
        lines += [
            (command.help or "").replace("\b", "").strip(),
            "",
            "| option | what it says |",
            "|---|---|",
        ]
        records = [parameter.get_help_record(inner) for parameter in command.params]
        lines += [f"| `{_cell(r[0])}` | {_cell(r[1])} |" for r in records if r is not None]
        lines.append("")
    return "\n".join(lines)


def api_page(spec: dict[str, Any]) -> str:
    """Return the page of all operations of an OpenAPI document."""
    lines = [
        "# HTTP API",
        "",
        "Written by `docs/reference_pages.py` from the OpenAPI document, which says more:",
    ]
    lines += [
        "`/api/openapi.json` and `/docs` of a running server. Errors and rules: [the API](../api.md).",
        "",
    ]
    for key, operation in operations_of(spec):
        lines += [f"## {key}", "", f"{operation['summary']} (`{operation['operationId']}`)", ""]
        parameters = operation.get("parameters", ())
        if parameters:
            lines += ["| parameter | in | what it says |", "|---|---|---|"]
            lines += [f"| `{p['name']}` | {p['in']} | {_cell(p['description'])} |" for p in parameters]
            lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    from web.app import create_app

    document = create_app(Path(sys.argv[1])).test_client().get("/api/openapi.json").json
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "commands.md").write_text(commands_page(), "utf-8")
    (FOLDER / "api.md").write_text(api_page(document), "utf-8")
