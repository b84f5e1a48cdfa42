-- The releases of the tables that claim checks read. The rows of each table stand in a table of its own,
-- edit_NAME, whose columns follow from the row's type; edit_NAME.release_id refers to this one.

CREATE TABLE edit_table (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    release TEXT NOT NULL,
    source TEXT NOT NULL,
    in_force_from TEXT,
    in_force_to TEXT,
    rows INTEGER NOT NULL,
    UNIQUE (name, release)
) STRICT;
