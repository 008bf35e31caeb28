"""Engine.IO v4: the transport below python-socketio.

`frames`, `handshake` and `packets` are the protocols themselves, bytes in and values or bytes out. `sessions` is the
state of one session, `outbox` and `heartbeat` what all sessions share, `websocket` and `polling` the two transports,
and `server` the interface that python-socketio expects of its engine.
"""
