"""Benchmarks and evaluations. ``python -m bench`` runs the benchmarks and prints ratios of one run."""
