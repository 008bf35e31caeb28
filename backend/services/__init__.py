"""Use cases: one transaction each, against ports."""
