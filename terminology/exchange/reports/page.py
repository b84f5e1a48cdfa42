"""The report as one self-contained HTML page with drawn charts; it prints, and is readable without colour."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from terminology.exchange.reports.sections import OF_PUBLISHER, script, sections
from terminology.exchange.reports.words import shown
from terminology.impact.report import Report


def page(report: Report) -> str:
    """Return the HTML document: ten sentences and a core of a few pages in print, and a folded annex."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = shown
    text = files(__package__).joinpath("templates", "impact.html").read_text("utf-8")
    return environment.from_string(text).render(
        report=report,
        sections=sections(report, OF_PUBLISHER),
        script=Markup(script()),  # noqa: S704: our own file
    )
