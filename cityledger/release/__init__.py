"""Public release: drafted, checked, signed by people, published, never changed."""
