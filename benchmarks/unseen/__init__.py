"""The measure that nothing is tuned on: a fresh cast of rendered clips from a seed, and how well the program does on it."""
