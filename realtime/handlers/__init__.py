"""Commands that change no fact: rooms, presence, the inbox, the session itself. Each is thin."""
