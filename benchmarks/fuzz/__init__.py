"""Whatever comes into the program from outside, mutated: it must be read or refused in one sentence, soon, in little memory.

``python -m benchmarks.fuzz --count 10000`` prints a table; ``--again KIND:NUMBER`` runs one input by itself, with its traceback.
Seeded: the same seed and number make the same input on any machine with the same versions of the libraries.
"""
