"""Connection state recovery: how a client that lost its connection gets its session back, with exactly what it missed.

adr/0011 tells how it works. `offsets` and `trails` are pure, the rest does as they say.
"""
