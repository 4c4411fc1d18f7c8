"""Files: one release object in every form that citizens may want to open."""
