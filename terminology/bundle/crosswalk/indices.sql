-- Made after the rows are in.

CREATE INDEX crosswalk_target_by_stem ON crosswalk_target (stem_key, rank);
ANALYZE;
