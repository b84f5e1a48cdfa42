"""Checks of many claims: each edit runs once for what claims have in common, and on a claim where it must."""
