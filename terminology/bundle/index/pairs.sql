-- The pairs of codes that the Alphabetic Index joins by "with": for a code of condition_key beside one of
-- other_key it has the one code, at the entry term of its edition.

CREATE TABLE index_pair (
    condition_key TEXT NOT NULL,
    other_key TEXT NOT NULL,
    code TEXT NOT NULL,
    term TEXT NOT NULL,
    edition TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (condition_key, other_key)
) STRICT, WITHOUT ROWID;
