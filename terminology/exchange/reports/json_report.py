"""The report as JSON: ``title, release, bundle, total, headline, notices, sources, tables``."""

from __future__ import annotations

from typing import Any

import orjson

from terminology.impact.report import Report
from terminology.impact.table import Column, Table


def json_report(report: Report) -> bytes:
    """Return the report as JSON; a table's rows are lists in the order of its columns."""
    return orjson.dumps(
        {
            "title": report.title,
            "release": report.release,
            "bundle": report.bundle,
            "total": report.total,
            "headline": [{"text": s.text, "table": s.table} for s in report.headline],
            "notices": report.notices,
            "sources": report.sources,
            "tables": [table_payload(table) for table in report.tables],
        }
    )


def table_payload(table: Table) -> dict[str, Any]:
    """Return a table as JSON-ready values; its rows are lists in the order of its columns."""
    return {
        "id": table.id,
        "title": table.title,
        "question": table.question,
        "note": table.how(),
        "columns": [column_payload(column) for column in table.columns],
        "rows": table.rows,
    }


def column_payload(column: Column) -> dict[str, str]:
    """Return a column; ``certainty``, ``low``, ``high`` and ``why`` stand where they say something."""
    low, high = column.ends or ("", "")
    said = {"certainty": column.certainty or "", "low": low, "high": high, "why": column.why}
    return {"name": column.name, "kind": column.kind, **{name: text for name, text in said.items() if text}}
