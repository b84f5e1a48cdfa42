"""The engine's data: a row per rule, each with its source."""
