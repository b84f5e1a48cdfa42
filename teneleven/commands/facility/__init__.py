"""Commands about what the move does to a facility."""
