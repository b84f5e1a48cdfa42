"""A server as a process: its start and workers, log, metrics, health, and the taking up of a new bundle."""
