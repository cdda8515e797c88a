"""What the planner writes."""
