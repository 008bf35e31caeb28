"""What the live server counts, for Prometheus. No label ever holds a user, a room or anything else of a client's."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1, 2.5, 5, 10, 30)
_SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 50_000)

CONNECTIONS = Gauge("spirit_connections", "Authenticated sessions on this node.")
ROOMS = Gauge("spirit_rooms", "Rooms with members on this node.")
CHANNELS = Gauge("spirit_channels", "Channels with members on this node.")
BEHIND = Gauge("spirit_channels_behind", "Channels that were behind the table at the last comparison.")
COMMANDS = Counter("spirit_commands_total", "Commands answered.", ("command", "outcome"))
COMMAND_SECONDS = Histogram("spirit_command_seconds", "Time from a command's turn to its ack.", ("command",))
REFUSALS = Counter("spirit_refusals_total", "Refusals by code.", ("code",))
DELIVERY_SECONDS = Histogram(
    "spirit_delivery_seconds", "Time from a fact's decision to its readers' sockets, of some frames.", buckets=_SECONDS
)
FANOUT = Histogram("spirit_fanout_members", "Local members that one frame went to.", buckets=_SIZES)
SIGNALS_DROPPED = Counter("spirit_signals_dropped_total", "Signals not sent to a reader who lagged.")
SLOW_READERS = Counter("spirit_slow_readers_total", "Sessions ended because their reader was too slow.")
MALFORMED = Counter("spirit_malformed_packets_total", "Packets that broke the protocol and ended their connection.")
SHED = Counter("spirit_connections_shed_total", "New connections refused because of their address's rate.")
REVOKED = Counter("spirit_sessions_revoked_total", "Sessions ended because their person's rights changed.")
REPAIRS = Counter("spirit_channel_repairs_total", "Channels brought up to the table, by what told.", ("cause",))
RESETS = Counter("spirit_channel_resets_total", "Channels whose members' rights were read again.")
BUFFERED = Gauge("spirit_unsent_bytes", "Unsent bytes of all readers of this node.")
CARRIED = Gauge("spirit_carried", "Requests and WebSockets that this node carries for sessions of others.")
