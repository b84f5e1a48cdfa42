-- Volumes and payment attributes of ICD-10-CM codes, as their publishers state them.

CREATE TABLE volume (
    source TEXT NOT NULL,
    setting TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (source, setting, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_status (
    scheme TEXT NOT NULL,
    key TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (scheme, key, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE drg_weight (
    drg TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    weight REAL,
    source TEXT NOT NULL,
    capped REAL,
    fiscal_year INTEGER
) STRICT, WITHOUT ROWID;
