"""City Ledger 城账: every night from source records to numbers anyone can open."""
