"""Clips with exactly known truth, and the studio which renders them."""
