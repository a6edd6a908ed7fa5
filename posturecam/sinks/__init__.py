"""Where results go while they are made: the overlay, a window, a video file, a voice."""
