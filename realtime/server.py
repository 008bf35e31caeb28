"""The Socket.IO server."""
