"""Writes docs/california-2023.md: ``python -m bench.california.study --bundle B --data FILE -o OUT``."""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from terminology.bundle.store import Store
from terminology.exchange.reports.drawings import drawn
from terminology.exchange.reports.words import column_words, ends_of, range_words, shown, value_words
from terminology.exchange.reports.write import measured
from terminology.exchange.tables.days import years
from terminology.exchange.volumes import read_upload
from terminology.impact.headline import Sentence
from terminology.impact.report import Report

PARTS = (
    ("kept", 4),
    ("representation", 16),
    ("representation_by_chapter", 21),
    ("settings", 3),
    ("losses", 15),
    ("comparability", 19),
    ("documentation", 25),
    ("prompts", 10),
    ("payment", 10),
    ("payment_pairs", 20),
    ("collisions", 15),
    ("motifs", 12),
    ("convoluted", 10),
    ("entropy", 22),
    ("ambiguity", 15),
    ("clusters", 4),
    ("lengths", 10),
    ("workload", 12),
    ("training", 25),
    ("sample", 4),
    ("worklist", 15),
    ("accounted", 20),
    ("rejected", 10),
)
"""Tables of the study and how many of their first rows are shown."""
YEAR = 2023
CHANGED = (
    "Definitions that were put right since the first edition of this page: conditions are two fixed lists, "
    "so "
    "that a ratio no longer depends on the rest of the file; queries are what a physician could answer and "
    "ICD-11 tells apart; what ICD-10-CM leaves unspecified is no loss; identity needs a way back; codes "
    "are judged "
    "by the year they were reported in; statuses of one coefficient stake nothing; shares carry a range from "
    "measured errors, where codes that lose an encounter are apart from the other partial ones; a query "
    "needs a second ICD-11 stem that fits the code's words."
)


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
        "Regenerate this page with `python -m bench.california.study --bundle BUNDLE --data FILE "
        "-o docs/california-2023.md`; the whole report with `teneleven impact FILE --year 2023 -o "
        "report.xlsx`. "
        "Measures are defined in [method.md](method.md), and recomputed by a second program: "
        "`python -m bench.impact_recount`.",
        "",
        CHANGED,
        "",
        *(f"> {notice}" for notice in report.notices),
    ]
    lines += ["", "## In ten sentences", ""]
    lines += [f"{n}. {s.text} ([table](#{anchor(report.table(s.table).title)}))" for n, s in numbered(report)]
    for name, most in PARTS:
        table = report.table(name)
        lines += ["", f"## {table.title}", "", f"*{table.question}* {table.how(column_words)}", ""]
        lines += [f"![{c.title}]({figures}/{name}-{n}.svg)\n" for n, c in enumerate(table.charts, 1)]
        columns = [(at, c) for at, c in enumerate(table.columns) if c.name not in ends_of(table)]
        lines.append("| " + " | ".join(column_words(c.name) for _, c in columns) + " |")
        lines.append("|" + "|".join("---" if c.kind == "text" else "--:" for _, c in columns) + "|")
        for row in table.rows[:most]:
            cells = (
                f"{shown(value_words(c.name, row[at]), c.kind)} {range_words(table, row, c)}"
                for at, c in columns
            )
            lines.append("| " + " | ".join(cell.strip().replace("|", "\\|") for cell in cells) + " |")
        if len(table.rows) > most:
            lines.append(f"\n{len(table.rows) - most:,} more rows are in the report.")
    return "\n".join(lines) + "\n"


def numbered(report: Report) -> list[tuple[int, Sentence]]:
    """Return the sentences of the first page, counted from 1."""
    return list(enumerate(report.headline, 1))


def anchor(title: str) -> str:
    """Return the place of a heading as Markdown readers make it.

    >>> anchor("Facets lost, all")
    'facets-lost-all'
    """
    return "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c == "-")


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
    report = measured(Store(asked.bundle), read, years(YEAR, YEAR))
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
