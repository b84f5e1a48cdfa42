"""The human documentation of the API, rendered from its OpenAPI document."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import current_app, render_template
from markupsafe import Markup, escape

from web.problems import PROBLEMS

_QUOTED = re.compile(r"``(.+?)``", re.DOTALL)

docs = APIBlueprint("docs", __name__, enable_openapi=False)


@docs.get("/docs")
def show() -> str:
    """List every operation with its parameters and answers, and every kind of problem."""
    spec: dict[str, Any] = current_app.spec  # type: ignore[attr-defined]
    return render_template("docs.html", spec=spec, operations=_operations(spec), problems=PROBLEMS)


def register(app: APIFlask) -> None:
    """Add the documentation page to an application."""
    app.jinja_env.filters["quoted"] = quoted
    app.register_blueprint(docs)


def quoted(text: str | None) -> Markup:
    """Return a description with what stands in double backticks as code.

    >>> quoted("has ``a<b``")
    Markup('has <code>a&lt;b</code>')
    """
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(text or ""))))


def _operations(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Group the operations of an OpenAPI document by tag, in the order of the document, health last."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict):
                continue
            shown = {"path": path, "method": method.upper(), **operation}
            shown["parameters"] = [*methods.get("parameters", ()), *operation.get("parameters", ())]
            groups.setdefault(operation.get("tags", ["Other"])[0], []).append(shown)
    return dict(sorted(groups.items(), key=lambda group: group[0] == "Health"))
