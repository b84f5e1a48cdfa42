"""Words a coder reads for the crosswalk's terms: a label and a sentence for each."""

from __future__ import annotations

#: FHIR R5 concept-map-relationship, read from source to target: label, meaning.
RELATIONSHIPS: dict[str, tuple[str, str]] = {
    "equivalent": ("equivalent", "Both say the same."),
    "source-is-narrower-than-target": ("narrower than target", "The source says more than the target."),
    "source-is-broader-than-target": ("broader than target", "The target says more than the source."),
    "related-to": ("related", "They overlap; neither contains the other."),
    "not-related-to": ("not related", "They have nothing in common."),
}
#: Fung KW et al., JAMIA 2021;28(11):2404-2411.
REPRESENTATIONS: dict[str, tuple[str, str]] = {
    "full": ("Full", "One ICD-11 code says all of it."),
    "full-postcoordinated": ("Full, by cluster", "A stem code with extension codes says all of it."),
    "partial": ("Partial", "Something the source says is lost; it is listed."),
    "none": ("None", "ICD-11 has no place for it that was found."),
}
#: Boyd, Li, Burton (JAMIA 2013).
MOTIFS: dict[str, tuple[str, str]] = {
    "identity": ("Identity", "One code becomes one, and nothing else becomes it."),
    "class-to-subclass": ("Class to subclass", "One code fans out to several."),
    "subclass-to-class": ("Subclass to class", "Several codes become one."),
    "convoluted": ("Convoluted", "Several codes meet several: history cannot be carried over code by code."),
    "no-mapping": ("No mapping", "Nothing is mapped."),
}
KINDS: dict[str, str] = {
    "chapter": "chapter",
    "block": "block",
    "category": "category",
    "code": "code",
    "stem": "stem code",
    "extension": "extension code",
    "modifier": "modifier",
    "cluster": "cluster",
}
#: Steps by which the engine found a target.
STEPS: dict[str, str] = {
    "base": "Start",
    "refine": "Agreement",
    "postcoordinate": "Extension",
    "override": "Override",
    "reviewed": "Read twice",
}
#: Facet dimensions whose name is not already a word.
DIMENSIONS: dict[str, str] = {"encounter": "encounter (7th character)"}
#: Notes in the order the Tabular List prints them; label and what it obliges a coder to do.
NOTES: dict[str, tuple[str, str]] = {
    "includes": ("Includes", "also coded here"),
    "inclusion_terms": ("Inclusion terms", "conditions this code is for"),
    "code_first": ("Code first", "sequence the underlying condition before this code"),
    "use_additional": ("Use additional code", "add these where they apply"),
    "code_also": ("Code also", "sequence depends on the encounter"),
    "excludes1": (
        "Excludes1",
        "not coded here: never together, unless unrelated (Guidelines I.A.12.a)",
    ),
    "excludes2": ("Excludes2", "not included here: may be coded together"),
    "excludes": ("Excludes", "coded elsewhere"),
    "coding_notes": ("Coding note", ""),
}

#: What a code not in use on a day is called.
STATES = {
    "retired": "retired",
    "split": "split into others",
    "merged": "merged into another",
    "not-yet-valid": "not yet valid",
    "undetermined": "not known to be valid",
    "unknown": "unknown",
    "existing": "in use",
}
