"""Builds the platform from its settings."""
