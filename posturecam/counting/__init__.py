"""From measured signals to spans of time: turning points, positions, reps and stays. Pure functions of whole signals."""
