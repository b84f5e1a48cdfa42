"""From what was typed to ranked answers."""
