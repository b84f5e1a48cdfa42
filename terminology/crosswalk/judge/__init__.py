"""How well an expression says what the source says, and its motif."""
