"""Channel bytes to local sockets."""
