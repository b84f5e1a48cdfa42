"""What every export says of whose work it holds."""

from __future__ import annotations

from terminology.systems import ICD10CM, ICD11

OWN = (
    "Relationships, confidence and facets are TenEleven's own work; they are not WHO's, nor NCHS's or CMS's, "
    "and no official map from ICD-10-CM to ICD-11 exists."
)
"""The line that keeps the publishers' work and ours apart."""

NOTICES = (ICD10CM.attribution, ICD11.attribution, OWN)
"""The lines every export carries, the publishers' first."""

LICENCE_URL = "https://creativecommons.org/licenses/by-nd/3.0/igo/"
"""The licence of the strictest part, WHO's ICD-11 (CC BY-ND 3.0 IGO), which governs the whole."""
