"""What the desk depends on, measured beside a yardstick on the same machine."""
