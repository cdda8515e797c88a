"""The screens under `/vaktplan/`."""
