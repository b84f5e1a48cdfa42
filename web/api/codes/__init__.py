"""Codes: looked up, walked around, searched; the releases and the index they are from."""
