"""Engine.IO, Socket.IO and WebSocket held to their documents, case by case, on an echo server.

The cases know the protocols from their documents alone and share no code with the server. Where two documents leave
something open, the case's docstring says whose word it follows. `ECHO_SERVER` may hold the command of another server
(`--port N --ping-interval S --ping-timeout S` are appended), to see whether a case is true of that one.
"""
