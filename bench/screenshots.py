"""The README's pictures: ``python -m bench.screenshots --bundle DIR`` writes docs/screenshots/*.webp."""

from __future__ import annotations

import argparse
from base64 import b64decode
from pathlib import Path
from typing import Literal

from bench.serving.chromium import chromium
from bench.serving.served import served

_WEBP = {"format": "webp", "quality": 82}
Scheme = Literal["light", "dark"]
#: Name of the picture, address, colour scheme, width and height.
PICTURES: tuple[tuple[str, str, Scheme, int, int], ...] = (
    ("search", "/?q=broken+wrist+left", "light", 1200, 760),
    ("code", "/code/icd-10-cm/S52.501A", "light", 1200, 860),
    ("notes", "/code/icd-10-cm/E11", "light", 1200, 860),
    ("crosswalk", "/crosswalk/S52.501A", "dark", 1200, 900),
    ("browse", "/browse/icd-10-cm?at=S52.5", "light", 1200, 760),
    ("home", "/", "light", 1200, 720),
    ("builder", "/builder?expression=NC32.5Z%26XK9K&q=closed", "light", 1200, 760),
    ("compare", "/compare/S52.501A", "light", 1200, 860),
    ("impact", "/impact?example#first-page", "light", 1200, 860),
    ("index", "/index/neoplasms?q=breast", "light", 1200, 860),
    ("changes", "/changes/icd-10-cm", "light", 1200, 760),
    ("check", "/check?codes=E11.9+E10.9+%2F+G0447&date=2026-10-15&setting=professional", "light", 1200, 860),
    ("validate", "/validate?codes=E11.9+E11+E11.8+ZZ99&date=2026-10-15", "dark", 1200, 620),
    (
        "scenario",
        "/scenario?stays=20000&minutes=30&wage=35&coders=12&training_hours=40&curve=40,30,20,10",
        "light",
        1200,
        860,
    ),
    ("about", "/about", "light", 1200, 760),
    ("phone", "/code/icd-11/5A11", "dark", 390, 780),
)


def main() -> None:
    """Write every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("-o", "--to", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--only", nargs="*", help="names of pictures; all without it")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with served(options.bundle) as server, chromium() as browser:
        wanted = [picture for picture in PICTURES if not options.only or picture[0] in options.only]
        for name, path, scheme, width, height in wanted:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"http://127.0.0.1:{server.port}{path}", wait_until="networkidle")
            page.reload(wait_until="networkidle")  # the first answer of a server is slower than any other
            taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", _WEBP)
            picture = options.to / f"{name}.webp"
            picture.write_bytes(b64decode(taken["data"]))
            page.close()
            print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
