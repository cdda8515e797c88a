"""What is shown and told of the help between sentraler."""
