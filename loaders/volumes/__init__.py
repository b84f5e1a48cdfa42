"""Counts of diagnoses that authorities publish."""
