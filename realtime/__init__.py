"""The front door: the live server that clients connect to."""
