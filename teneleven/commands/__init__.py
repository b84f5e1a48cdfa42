"""The commands, one module each: the click command has the name of its function."""
