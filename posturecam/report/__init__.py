"""The form report and its formats."""
