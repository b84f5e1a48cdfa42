"""The index on disk: arrays per release, units of ranking, the Whoosh index."""
