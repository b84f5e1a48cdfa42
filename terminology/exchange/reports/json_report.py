"""The report as JSON: ``title, release, bundle, total, headline, notices, sources, tables``."""

from __future__ import annotations

import orjson

from terminology.impact.report import Report


def json_report(report: Report) -> bytes:
    """Return the report as JSON; a table's rows are lists in the order of its columns."""
    tables = [
        {
            "id": t.id,
            "title": t.title,
            "question": t.question,
            "note": t.note,
            "columns": [{"name": c.name, "kind": c.kind} for c in t.columns],
            "rows": t.rows,
        }
        for t in report.tables
    ]
    return orjson.dumps(
        {
            "title": report.title,
            "release": report.release,
            "bundle": report.bundle,
            "total": report.total,
            "headline": [{"text": s.text, "table": s.table} for s in report.headline],
            "notices": report.notices,
            "sources": report.sources,
            "tables": tables,
        }
    )
