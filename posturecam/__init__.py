"""posturecam: checks the form of exercises for the upper back from a webcam or a recording.

Everything runs on the user's own machine; no frame leaves it.
"""

__version__ = "0.1.0"
