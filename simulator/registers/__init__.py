"""Registers: the county's 台账, whole, as they stood at the end of each month."""
