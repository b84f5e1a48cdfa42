"""How long a build takes and how much memory, beside merely unpacking and reading the same files.

Run: ``python -m bench.speed.build_bench --data DIR``. Memory is the resident size of the build and its
children added up, sampled ten times a second from /proc (Linux).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loaders.acquire.sources import Sources, gather
from loaders.progress import Silent

_CHUNK = 2**20


def unpack(data: Path) -> float:
    """Return the seconds it takes to unpack and read every release file once: the yardstick."""
    files, _ = gather(Sources(data=data, offline=True), Silent())
    begun = time.perf_counter()
    for file in files:
        with file.source.open() as stream:
            while stream.read(_CHUNK):
                pass
    return time.perf_counter() - begun


def build(data: Path) -> tuple[float, int]:
    """Build a bundle in a process of its own; return seconds and the peak of resident bytes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("teneleven")), "build", "--data", str(data)]
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--bundle", f"{folder}/bundle"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(resident(pid) for pid in _family(process.pid)))
            time.sleep(0.1)
        if process.returncode != 0:
            raise RuntimeError(f"the build failed with exit code {process.returncode}")
        return time.perf_counter() - begun, peak


def _family(pid: int) -> list[int]:
    """The process and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]


def resident(pid: int) -> int:
    """Return the resident bytes of a process, 0 where there is none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) * 1024


def main() -> None:
    """Print the figures of one build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    yardstick = unpack(options.data)
    seconds, peak = build(options.data)
    print(f"unpacking and reading all release files: {yardstick:.1f} s")
    print(
        f"build: {seconds:.1f} s, {seconds / yardstick:.0f} times the yardstick, peak {peak / 2**20:,.0f} MiB"
    )


if __name__ == "__main__":
    main()
