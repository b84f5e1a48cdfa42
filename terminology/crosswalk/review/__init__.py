"""People's decisions: overrides, the worklist of the uncertain, drift between releases."""
