-- Made after the rows are in, which is faster than keeping them up to date.

CREATE UNIQUE INDEX concept_by_key ON concept (release_id, key);
CREATE INDEX concept_by_parent ON concept (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX concept_by_uri ON concept (uri) WHERE uri IS NOT NULL;
CREATE INDEX index_term_by_key ON index_term (key) WHERE key IS NOT NULL;
CREATE INDEX mapping_by_source ON mapping (source_system, source_key) WHERE source_key IS NOT NULL;
CREATE INDEX mapping_by_target ON mapping (target_system, target_key) WHERE target_key IS NOT NULL;
CREATE INDEX predecessor_by_key ON predecessor (key);
CREATE INDEX predecessor_by_previous ON predecessor (previous_key);
ANALYZE;
