"""The operations on codes: lookup, subsumes, validate-code."""
