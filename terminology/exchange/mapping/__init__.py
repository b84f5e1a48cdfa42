"""Batch mapping: row by row, as one join, and on Spark."""
