"""The beds: `/stasjon/senger/`."""
