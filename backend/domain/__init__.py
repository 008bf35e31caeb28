"""The rules of group-travel quotations. Pure: no I/O, no clock, no randomness of its own."""
