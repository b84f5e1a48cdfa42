"""How fast: benchmarks of one face or step each; what ``python -m bench`` runs stands beside this room."""
