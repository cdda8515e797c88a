"""Writes of the help between sentraler."""
