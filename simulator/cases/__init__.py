"""Cases: the records of the case platform, from report to call-back."""
