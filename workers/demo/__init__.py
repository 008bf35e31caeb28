"""The demonstration: a believable world to look at, and bots for the hotels that nobody logs in to."""
