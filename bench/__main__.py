"""Runs the benchmarks one after the other: ``python -m bench --data DIR --bundle DIR``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the build benchmark where release files are given, and the serving benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    options = parser.parse_args()
    if options.data:
        subprocess.run(
            [sys.executable, "-m", "bench.speed.build_bench", "--data", str(options.data)], check=True
        )
    subprocess.run([sys.executable, "-m", "bench.serve_bench", "--bundle", str(options.bundle)], check=True)


if __name__ == "__main__":
    main()
