"""The spec language: what an exercise is, how its reps count and which faults are looked for."""
