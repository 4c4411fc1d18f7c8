"""Thresholds: how far a number may stray before the gate speaks.

A county that knows better changes them here and nowhere else. All of them only warn:
what stops a night is never a matter of degree.
"""

# Sources ------------------------------------------------------------------------------

# A day's rows against the median of the weeks before it.
TRAILING_DAYS = 28
FEWEST_TRAILING_DAYS = 14
FEWEST_USUAL_ROWS = 50
LEAST_SHARE_OF_USUAL = 0.3
MOST_SHARE_OF_USUAL = 3.0

# Rows of one day that broke a rule.
MOST_QUARANTINED_SHARE = 0.1

# One look beside others --------------------------------------------------------------

RECENT_DAYS = 35
# Tickets of a facility's day that break one and the same rule.
MOST_OF_ONE_RULE = 0.2
# A day's mass per ticket against the days before it: a unit is off by a thousand.
LARGEST_FACTOR_OF_USUAL_LOAD = 100.0
# The best mark of a whole register of toilets, of 100.
LEAST_TOP_MARK = 40.0

# Indicators ---------------------------------------------------------------------------

# A month is compared with the one before once it is this many days old and both rest on
# this many records: earlier, or on fewer, a rate is noise.
DAYS_BEFORE_COMPARING = 10
FEWEST_RECORDS = 30
LARGEST_JUMP_POINTS = 20.0
LARGEST_JUMP_PERCENT = 50.0

# Masses -------------------------------------------------------------------------------

# More may be treated than was collected, from the pit; but not much more.
MOST_TREATED_PERCENT = 105.0
LARGEST_FACILITY_GAP_PERCENT = 15.0
# What two marts say about the same tonnes or lamps, apart from floating point.
ROUNDING = 1.0
