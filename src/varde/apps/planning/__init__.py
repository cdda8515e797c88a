"""The planner's room: how much will come, and what it takes to meet it."""
