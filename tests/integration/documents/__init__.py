"""Documents, set by real processes."""
