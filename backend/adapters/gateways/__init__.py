"""Where money moves: one module per gateway, all behind the port `Gateway`."""
