"""The publishers' tables that edits read: a module per table, each a row type and its declaration."""
