"""What a claim would be paid by, as labelled estimates: DRG, risk score, fee schedule amounts."""

NOTICE = "An estimate from published tables, not a payment determination."
"""What stands on every answer of this room."""
