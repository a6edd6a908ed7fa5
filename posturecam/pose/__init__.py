"""Finding the body in an image: the MediaPipe adapter and the store of its model files."""
