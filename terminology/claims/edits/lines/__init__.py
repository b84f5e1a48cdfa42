"""Edits of the service lines of a claim: codes and modifiers, units, pairs, coverage and fee schedules."""
