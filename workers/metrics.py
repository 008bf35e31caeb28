"""What relays and workers count, for Prometheus. No label ever holds a user, a room or anything else of a client's."""

from prometheus_client import Counter, Gauge

ROWS = Counter("spirit_relay_rows", "Outbox rows carried to the broker.")
FRAMES = Counter("spirit_relay_frames", "Frames carried to the broker.")
LAG = Gauge("spirit_relay_lag_seconds", "How long the oldest outbox row had waited when the relay last looked.")
FAILURES = Counter("spirit_reaction_failures", "Reactions that failed and are tried again.")
OUTAGES = Counter("spirit_relay_outages", "Times that the relay lost the database or the broker.")
DUE = Counter("spirit_due_quotations", "Quotations looked at because their time had come.")
TURNS = Counter("spirit_workflow_turns", "Turns of workflows that ended here.", ["workflow", "outcome"])
TAKEN_OVER = Counter("spirit_workflow_takeovers", "Turns that were taken over from a worker that died.")
