"""Thin handlers: one command in, one service call, one ack out."""
