"""Site: the public pages as plain files, complete without scripts or a server."""
