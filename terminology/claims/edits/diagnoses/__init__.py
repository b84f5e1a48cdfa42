"""Edits of the diagnoses of a claim: code by code, together, and in their order."""
