"""Concept maps: ours, WHO's, those sent along; translation and export."""
