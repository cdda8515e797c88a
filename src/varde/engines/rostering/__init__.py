"""Making rosters: readers of public instances, their checkers, models and the search."""
