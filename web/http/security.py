"""Response headers that keep a browser from running or loading anything this server does not serve."""

from __future__ import annotations

from flask import Flask, Response, request

from terminology.exchange.reports.sections import script_source

#: Pages: own scripts, styles, images and addresses alone; nothing inline, nothing evaluated, no frames.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The impact report that the API answers is one self-contained document with its own style and one script.
REPORT_POLICY = (
    f"default-src 'none'; script-src {script_source()}; style-src 'unsafe-inline'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: Of every response.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_PAGE_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def register(app: Flask) -> None:
    """Give every response of an application its security headers."""
    app.after_request(_secured)


def _secured(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        own = REPORT_POLICY if request.path.startswith("/api/") else PAGE_POLICY
        response.headers.setdefault("Content-Security-Policy", own)
        for name, value in _PAGE_HEADERS.items():
            response.headers.setdefault(name, value)
    return response
