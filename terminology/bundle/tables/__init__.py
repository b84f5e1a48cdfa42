"""Dated tables beside the concepts: what claims are checked by, volumes and payment of facilities."""
