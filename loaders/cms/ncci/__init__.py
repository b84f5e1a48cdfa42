"""NCCI: pairs of procedures, units, add-on codes."""
