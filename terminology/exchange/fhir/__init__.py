"""FHIR resources that people hand us: Claim and ExplanationOfBenefit, R4 and R5."""
