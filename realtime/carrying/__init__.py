"""No sticky sessions: a request that reaches another node than its session's is carried there.

A session's id begins with the name of its node's engine, and the nodes tell each other through the broker by which
address they are reached (`peers`). Each listens there for the others alone (`listener`), who seal what they carry
(`seals`). A request of long-polling is sent on as HTTP (`forwarding`), a WebSocket as the bytes it is (`tunnels`).
`carrier` is all of it, as the engine asks for it.
"""
