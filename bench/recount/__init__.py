"""A second program for the impact report: its measures counted again from raw files."""
