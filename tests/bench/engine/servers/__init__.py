"""The servers that are compared. Each is a program of its own and is driven the same way.

A server is started with the secret of its tokens, listens on two free ports of 127.0.0.1 and prints them as one line
of JSON: `{"port": ..., "control": ...}`. On the first it speaks Socket.IO over WebSocket: `auth` may hold `rooms` to
join, and a `token` whose HS256 signature is verified and whose claims `sub` and `company` name two rooms more, besides
`public`. `echo` is acknowledged with its argument. On the control port it takes lines `emit ROOM FIRST COUNT PADDING`,
each of which emits COUNT messages `{"n": FIRST ..., "pad": "x" * PADDING}` within one turn of the loop, the next line
in another.
"""
