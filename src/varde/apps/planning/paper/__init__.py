"""The planner's room on paper."""
