-- The lives of codes: when each existed, with what title and flag, and who says so.

CREATE TABLE life_source (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- earliest and latest bound what no loaded file says exactly: NULL is unbounded.
CREATE TABLE life (
    system TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    start_on TEXT NOT NULL,
    end_on TEXT,
    earliest TEXT,
    latest TEXT,
    title TEXT,
    billable INTEGER,
    source_id INTEGER NOT NULL REFERENCES life_source (id),
    PRIMARY KEY (system, key, seq)
) STRICT, WITHOUT ROWID;
