-- The crosswalk: one row per ICD-10-CM code of any loaded release, and one per stem it may become.

CREATE TABLE crosswalk (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    representation TEXT NOT NULL,
    motif TEXT NOT NULL,
    record BLOB NOT NULL
) STRICT;

CREATE TABLE crosswalk_target (
    crosswalk_id INTEGER NOT NULL REFERENCES crosswalk (id),
    rank INTEGER NOT NULL,
    stem_key TEXT NOT NULL,
    expression TEXT NOT NULL,
    relationship TEXT NOT NULL,
    confidence REAL NOT NULL,
    PRIMARY KEY (crosswalk_id, rank)
) STRICT, WITHOUT ROWID;
