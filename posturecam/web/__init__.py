"""The local page: routes, templates, and the camera's way in."""
