"""Writes the reference pages from the program itself: ``python docs/reference_pages.py``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).parent.parent))

from teneleven.command_line import COMMANDS, cli
from terminology.bundle.store import Store
from terminology.facility import Setting
from terminology.impact.coded import join_codes
from terminology.impact.measures.stays import stays
from terminology.impact.records import Records
from terminology.impact.report import impact_report
from terminology.impact.table import Table
from terminology.rule_tables import parse_rules
from web.openapi.complete import operations_of

FOLDER = Path(__file__).parent / "reference"
COLUMNS = Path(__file__).parent / "impact_columns.tsv"
EVERY = "*"
_ENDS = ("low end", "high end")
_TYPES = {"text": "text", "count": "whole number", "share": "number, 0 to 1", "number": "number"}


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of one table of the impact report, or of every other one (:data:`EVERY`), holds."""

    table: str
    column: str
    unit: str
    null: str
    meaning: str


def impact_tables(store: Store) -> list[Table]:
    """Return every table an impact report can have, of a few diagnoses and two records."""
    volumes = {Setting.INPATIENT: {"E119": 2, "S52501A": 1}, Setting.OFFICE: {"E119": 1}}
    records = Records()
    records.add(Setting.INPATIENT, ["S52501A", "E119"])
    groups = {("payer", "A payer"): {"E119": (2, 100)}}
    report = impact_report(store, volumes, by=groups, records=records)
    paid = stays(join_codes(store, volumes), records, {"E119": "CC"}, {})
    held = {table.id for table in paid}
    return [*(table for table in report.tables if table.id not in held), *paid]


def column_meanings() -> dict[tuple[str, str], ColumnMeaning]:
    """Return what the columns hold, by table and name."""
    rows = parse_rules(COLUMNS.read_text("utf-8"), str(COLUMNS), ColumnMeaning)
    return {(row.table, row.column): row for row in rows}


def impact_page(tables: list[Table]) -> str:
    """Return the page of the impact report's tables; raise ``KeyError`` for a column nobody described."""
    meanings = column_meanings()
    lines = [
        "# Tables of the impact report",
        "",
        "Written by `docs/reference_pages.py` from the report itself and `docs/impact_columns.tsv`. How they",
        "are measured: [method](../method.md). Which of them a report has depends on its file: records give",
        "stays and comparability by record, payers and departments their own table.",
        "",
    ]
    for table in tables:
        lines += [f"## {table.id}", "", f"*{table.question}* {table.title}.", ""]
        lines += ["| column | type | unit | meaning | how sure | null |", "|---|---|---|---|---|---|"]
        owners = {
            end: (c, which) for c in table.columns for end, which in zip(c.ends or (), _ENDS, strict=False)
        }
        for column in table.columns:
            owner, which = owners.get(column.name, (column, ""))
            own = meanings.get((table.id, owner.name)) or meanings[EVERY, owner.name]
            meaning = f"{which} of `{owner.name}` by measured errors" if which else own.meaning
            sure = ": ".join(filter(None, (column.certainty or "", column.why)))
            cells = (_TYPES[column.kind], *map(_cell, (own.unit, meaning, sure, own.null)))
            lines.append(f"| `{column.name}` | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


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
    (FOLDER / "impact.md").write_text(impact_page(impact_tables(Store(Path(sys.argv[1])))), "utf-8")
