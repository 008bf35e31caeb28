"""Durable work: what follows from events and from the clock, and has to be finished whatever dies."""
