"""REST under /api/v1: the same services as the live commands."""
