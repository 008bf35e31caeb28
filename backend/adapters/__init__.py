"""Implementations of the ports that services declare."""
