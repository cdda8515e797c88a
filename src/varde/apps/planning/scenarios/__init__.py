"""Scenarios as a planner composes them: a tree of parts, chosen and changed in a form."""
