"""Claims: what a claim is, the edits it is checked against, and what they find."""
