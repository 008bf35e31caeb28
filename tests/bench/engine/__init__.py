"""The server compared with its peers on the same load, on this machine: `python -m tests.bench.engine`."""
