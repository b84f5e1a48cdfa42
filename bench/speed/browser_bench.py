"""How soon a browser shows the first result after the last keystroke.

Run: ``python -m bench.speed.browser_bench``.

Real typing in a real Chromium against a real server on a real bundle: each phrase is typed at 80 words a
minute (a keystroke every 120 ms), the clock starts inside the page at the last ``input`` event and stops in
the first frame in which the results answer what was typed. Phrases are asked once, in a random order, so
no answer is asked for twice.
"""

from __future__ import annotations

import argparse
import random
import statistics
from pathlib import Path

from playwright.sync_api import Page

from bench.serving.chromium import chromium
from bench.serving.served import served

KEYSTROKE_MS = 120
PHRASES = Path(__file__).parents[1] / "search_phrases.tsv"
#: In the page: note the last keystroke, then the first frame that shows results for exactly that text.
_CLOCK = """
window.typed = 0; window.took = null;
document.addEventListener('input', () => { window.typed = performance.now(); window.took = null; }, true);
document.addEventListener('htmx:afterSwap', (event) => {
  const asked = new URL(event.detail.pathInfo.finalRequestPath, location.href).searchParams.get('q');
  if (asked === document.getElementById('q').value)
    requestAnimationFrame(() => setTimeout(() => { window.took = performance.now() - window.typed; }, 0));
});
"""


def main() -> None:
    """Print p50, p95 and the slowest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--phrases", type=int, default=60)
    options = parser.parse_args()
    phrases = _phrases(options.phrases)
    with served(options.bundle) as server, chromium() as browser:
        page = browser.new_page(bypass_csp=True)  # the clock is code that the pages' policy does not know
        page.goto(f"http://127.0.0.1:{server.port}/", wait_until="networkidle")
        page.evaluate(_CLOCK)
        _type(page, "warm")
        took = {phrase: _type(page, phrase) for phrase in phrases}
    times = sorted(took.values())
    p95 = statistics.quantiles(times, n=20)[-1]
    slowest = max(took, key=lambda phrase: took[phrase])
    print(f"{len(times)} phrases, first result after the last keystroke, in the browser:")
    print(
        f"p50 {statistics.median(times):.0f} ms   p95 {p95:.0f} ms   slowest {times[-1]:.0f} ms ({slowest})"
    )


def _phrases(count: int) -> list[str]:
    lines = PHRASES.read_text("utf-8").splitlines()
    found = sorted({line.split("\t")[2] for line in lines if line and not line.startswith("#")})
    return random.Random(11).sample(found, min(count, len(found)))


def _type(page: Page, phrase: str) -> float:
    box = page.locator("#q")
    box.fill("")
    page.wait_for_timeout(150)
    box.press_sequentially(phrase, delay=KEYSTROKE_MS)
    page.wait_for_function("window.took !== null", timeout=10_000)
    return float(page.evaluate("window.took"))


if __name__ == "__main__":
    main()
