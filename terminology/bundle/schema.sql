-- The tables of bundle/terminology.db. Written once by the build, only read afterwards.
-- Concept ids are numbered depth-first within a release: the descendants of a concept are the ids after
-- its own up to and including last_id. concept.releases names the loaded releases that hold its key.

CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    system TEXT NOT NULL,
    release TEXT NOT NULL,
    effective_from TEXT,
    effective_to TEXT,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    UNIQUE (system, release)
) STRICT;

CREATE TABLE concept (
    id INTEGER PRIMARY KEY,
    release_id INTEGER NOT NULL REFERENCES release (id),
    key TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    short_title TEXT,
    kind TEXT NOT NULL,
    billable INTEGER,
    parent_id INTEGER,
    last_id INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    children_count INTEGER NOT NULL,
    chapter TEXT NOT NULL,
    seventh_id INTEGER,
    has_notes INTEGER NOT NULL,
    has_synonyms INTEGER NOT NULL,
    has_index_terms INTEGER NOT NULL,
    releases TEXT NOT NULL,
    uri TEXT,
    foundation_uri TEXT,
    valid_from TEXT,
    valid_to TEXT,
    properties TEXT
) STRICT;

CREATE TABLE note (
    concept_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (concept_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE synonym (
    concept_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (concept_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE seventh_character (
    concept_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    character TEXT NOT NULL,
    meaning TEXT NOT NULL,
    PRIMARY KEY (concept_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE axis (
    concept_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    axis TEXT NOT NULL,
    required INTEGER NOT NULL,
    allow_multiple TEXT NOT NULL,
    scale TEXT NOT NULL,
    PRIMARY KEY (concept_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_term (
    id INTEGER PRIMARY KEY,
    book TEXT NOT NULL,
    edition TEXT NOT NULL,
    path TEXT NOT NULL,
    modifiers TEXT,
    column_heading TEXT,
    code TEXT,
    key TEXT,
    see TEXT,
    see_also TEXT,
    manifestation TEXT
) STRICT;

CREATE TABLE mapping (
    id INTEGER PRIMARY KEY,
    map_table TEXT NOT NULL,
    release TEXT NOT NULL,
    row INTEGER NOT NULL,
    source_system TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    source_code TEXT,
    source_key TEXT,
    source_title TEXT NOT NULL,
    source_uri TEXT,
    target_system TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target TEXT,
    target_key TEXT,
    target_title TEXT,
    target_uri TEXT,
    target_foundation_uri TEXT,
    relation TEXT,
    depth_difference INTEGER
) STRICT;

CREATE TABLE predecessor (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    code TEXT NOT NULL,
    previous_key TEXT NOT NULL,
    previous TEXT NOT NULL,
    previous_note TEXT,
    effective_year INTEGER NOT NULL,
    effective_note TEXT,
    row INTEGER NOT NULL
) STRICT;

CREATE TABLE dangling (
    id INTEGER PRIMARY KEY,
    map_table TEXT NOT NULL,
    release TEXT NOT NULL,
    row INTEGER NOT NULL,
    end_name TEXT NOT NULL,
    code TEXT NOT NULL
) STRICT;
