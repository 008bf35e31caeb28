"""Composes the ASGI application."""
