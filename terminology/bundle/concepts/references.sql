-- The codes that notes name: note (concept_id, seq) names those from first_key to last_key and all below it,
-- whose keys match the regular expression form from their beginning, or, where excepted, does not mean them.

CREATE TABLE note_reference (
    concept_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    kind TEXT NOT NULL,
    first_key TEXT NOT NULL,
    last_key TEXT NOT NULL,
    form TEXT,
    excepted INTEGER NOT NULL,
    PRIMARY KEY (concept_id, seq, nth)
) STRICT, WITHOUT ROWID;
