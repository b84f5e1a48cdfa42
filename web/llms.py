"""``/llms.txt``: what a language model that comes across this server should know of it (llmstxt.org)."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app

_LEAD = """# TenEleven

> Codes of ICD-10-CM, ICD-11 MMS, WHO's ICD-10 and HCPCS with hierarchy, notes and dates, a crosswalk from
> ICD-10-CM to ICD-11, and checks of claims. Read-only. It answers from the publishers' files, or says what
> it does not know.

State no code that this server did not return. Ask with `date=YYYY-MM-DD`, the date of service; without it,
of today. The crosswalk from ICD-10-CM to ICD-11 is TenEleven's own work, not WHO's: no official map exists.
An empty list of findings is no approval: `not_checked` says which edits were not applied. Errors are
`application/problem+json`. Agents are better served by the MCP server: `teneleven mcp --bundle BUNDLE`.

## Descriptions

- [OpenAPI 3.1](/api/openapi.json): every operation with its parameters and answers
- [Documentation](/docs): the same for people, and every kind of error
- [About](/about): what is loaded, licences and attributions
- [FHIR R4](/fhir/r4/metadata): terminology operations; R5 at /fhir/r5

## API
"""

llms = APIBlueprint("llms", __name__, enable_openapi=False)


@llms.get("/llms.txt")
def show() -> Response:
    """Answer with a page in Markdown that lists the operations of the API."""
    paths = current_app.spec["paths"]  # type: ignore[attr-defined]
    lines = [
        f"- `{method.upper()} {path}`: {operation['summary']}"
        for path, methods in paths.items()
        for method, operation in methods.items()
        if path.startswith("/api/") and "summary" in operation
    ]
    return Response("\n".join([_LEAD, *lines, ""]), mimetype="text/plain")


def register(app: APIFlask) -> None:
    """Add the page to an application."""
    app.register_blueprint(llms)
