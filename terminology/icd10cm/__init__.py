"""What ICD-10-CM's own texts say: the codes its notes name, the sections of its guidelines."""
