"""Methods of the help between sentraler."""
