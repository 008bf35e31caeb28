"""Command in, ack out."""
