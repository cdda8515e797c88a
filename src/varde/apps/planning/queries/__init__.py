"""What the planner reads."""
