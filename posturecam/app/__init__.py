"""What the program does for a user, without a command line."""
