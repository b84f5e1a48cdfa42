"""Writes docs/california-2023.md: ``python -m bench.california_study --bundle B --data FILE -o OUT``."""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from terminology.bundle.store import Store
from terminology.exchange.reports.page import drawn, shown
from terminology.exchange.volumes import read_upload
from terminology.impact.report import Report, impact_report

PARTS = (
    ("accounted", 20),
    ("representation", 16),
    ("representation_by_chapter", 22),
    ("losses", 15),
    ("documentation", 20),
    ("motifs", 20),
    ("convoluted", 10),
    ("clusters", 4),
    ("ambiguity", 15),
    ("comparability", 19),
    ("workload", 12),
    ("training", 25),
    ("payment", 10),
    ("collisions", 15),
    ("rejected", 10),
)
"""Tables of the study and how many of their first rows are shown."""


def study(report: Report, figures: str) -> str:
    """Return the study as Markdown: its numbers are the report's, its charts in the folder ``figures``."""
    lines = [
        "# California 2023: what the move to ICD-11 would do to a state's diagnoses",
        "",
        f"{report.total:,} diagnoses (all positions) of inpatient stays, emergency department "
        f"visits and ambulatory "
        f"surgery, read against ICD-10-CM {report.release}. Volumes: California Department of "
        f"Health Care Access and "
        "Information (HCAI), 2023. The crosswalk is TenEleven's own, not reviewed by coders: read "
        "every share as "
        "what this engine finds.",
        "",
        "Regenerate this page with `python -m bench.california_study --bundle BUNDLE --data FILE "
        "-o docs/california-2023.md`; "
        "the whole report with `teneleven impact FILE -o report.xlsx`. Measures are defined in "
        "[method.md](method.md).",
        "",
        *(f"> {notice}" for notice in report.notices),
    ]
    lines += ["", "## Findings", "", *findings(report)]
    for name, most in PARTS:
        table = report.table(name)
        lines += ["", f"## {table.title}", "", f"*{table.question}* {table.note}", ""]
        lines += [f"![{c.title}]({figures}/{name}-{n}.svg)\n" for n, c in enumerate(table.charts, 1)]
        lines.append("| " + " | ".join(c.name for c in table.columns) + " |")
        lines.append("|" + "|".join("---" if c.kind == "text" else "--:" for c in table.columns) + "|")
        for row in table.rows[:most]:
            cells = (shown(v, c.kind).replace("|", "\\|") for v, c in zip(row, table.columns, strict=True))
            lines.append("| " + " | ".join(cells) + " |")
        if len(table.rows) > most:
            lines.append(f"\n{len(table.rows) - most:,} more rows are in the report.")
    return "\n".join(lines) + "\n"


def findings(report: Report) -> list[str]:
    """Return the answers in sentences, each number taken from the report's own tables."""
    said = [
        "These answer one question: if every diagnosis of that year had been recoded by the recommended "
        "expression, what would have been kept, and what would a hospital have to prepare?",
        "",
    ]
    shares = report.table("representation")
    kind, part = shares.column("representation"), shares.column("share of volume")
    by_scope: dict[str, dict[str, float]] = {}
    for row in shares.rows:
        by_scope.setdefault(str(row[0]), {})[str(row[kind])] = float(row[part] or 0)
    said += [
        f"- **Kept, {scope}:** "
        f"{r['full'] + r['full-postcoordinated']:.1%} of the volume is fully represented "
        f"({r['full-postcoordinated']:.1%} only with extension codes); "
        f"{r['partial']:.1%} keeps part of its meaning and {r['none']:.1%} has no place."
        for scope, r in by_scope.items()
    ]
    lost = [row for row in report.table("losses").rows if row[0] == "all settings"][:5]
    said += [
        f"- **Lost:** {row[1]} ({row[2]}), on {row[4]:,} diagnoses, {shown(row[5], 'share')} of all; "
        f"most often {row[6]}."
        for row in lost
    ]
    said += [
        f"- **To document:** {row[2]} ask for something ICD-10-CM leaves open, {row[5]:,} diagnoses "
        f"({shown(row[6], 'share')})."
        for row in report.table("documentation").rows
        if row[:2] == ("all settings", "total")
    ]
    said += [
        f"- **Training, {row[0]}:** {row[2]:,} codes cover {shown(row[1], 'share')} of the volume; "
        f"{row[3]:,} of them are to be coded twice for a while."
        for row in report.table("workload").rows
        if row[0] == "all settings"
    ]
    said += [
        f"- **Payment, {row[0]}, {row[1]}:** {row[3]:,} groups ({row[2]}), {row[6]:,} diagnoses at stake "
        f"({shown(row[7], 'share')}). An indication, not a grouper."
        for row in report.table("payment").rows
        if row[1] in ("all settings", "inpatient")
    ]
    return said


def main() -> None:
    """Read the volumes, write the page, print time and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    began = time.perf_counter()
    with asked.data.open("rb") as file:
        read = read_upload(file, asked.data.name)
    report = impact_report(Store(asked.bundle), read.volumes, read.notices)
    figures = asked.output.with_suffix("")
    asked.output.write_text(study(report, figures.name), "utf-8")
    figures.mkdir(exist_ok=True)
    for name, _ in PARTS:
        table = report.table(name)
        for number, chart in enumerate(table.charts, 1):
            (figures / f"{name}-{number}.svg").write_text(drawn(table, chart), "utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.output}: {report.total:,} diagnoses, {time.perf_counter() - began:.1f} s, {peak:.0f} MB")


if __name__ == "__main__":
    main()
