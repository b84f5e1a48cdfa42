"""Commands about codes: one, a list, a file of them, all."""
