"""Codes coded twice, blind: the sample, the reading sheets, the agreement, the adjudication, the measure.

``python -m bench.double_coding`` has a command for each step; docs/double-coding.md tells the whole way.
"""
