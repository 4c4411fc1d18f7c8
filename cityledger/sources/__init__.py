"""Sources: one module per section of the source contract."""
