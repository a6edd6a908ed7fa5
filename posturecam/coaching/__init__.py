"""Which cue now, what is said, the live session with its goals, and the gesture that ends it."""
