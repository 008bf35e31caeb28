"""After the fact: the relay, the reactions and the clock-driven work."""
