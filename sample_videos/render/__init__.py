"""A small motion studio: rendered people doing exercises with every joint known.

Nothing in `posturecam` imports this package. World axes, everywhere: x points to the left of a
person who stands at yaw 0, -y is where that person looks, z is up; metres and degrees.
"""
