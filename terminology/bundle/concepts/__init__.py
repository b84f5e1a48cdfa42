"""Concepts as a bundle holds them: read by code or by release, in other languages, and what names them."""
