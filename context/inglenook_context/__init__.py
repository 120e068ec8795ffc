"""Code around a cursor, as values: synchronous, pure, without I/O, never raising on any text."""
