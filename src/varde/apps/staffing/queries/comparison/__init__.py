"""Staffing models side by side: what they are counted from, and what came of it."""
