"""Implementations of the cache port."""
