"""The words of the planner's room."""
