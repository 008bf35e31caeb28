"""[D9.3] Real clients behind a balancer that sends each of their requests to another node, as to a single one."""

from tests.wire.engine.test_npm_clients import test_engine_io_client, test_socket_io_client
from tests.wire.engine.test_python_clients import test_engineio_client, test_socketio_client

__all__ = ["test_engine_io_client", "test_engineio_client", "test_socket_io_client", "test_socketio_client"]
