"""The generic live engine: rooms, positions, membership, presence and the broker. Knows no business word."""
