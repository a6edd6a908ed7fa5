"""Where frames come from: a recording, a camera, stored landmarks."""
