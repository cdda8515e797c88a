"""A legevakt as discrete events: one kind of scenario, two engines that agree exactly."""
