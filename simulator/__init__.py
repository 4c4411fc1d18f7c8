"""Simulator: a synthetic county that serves every source contract, with its vices.

In a test or a script::

    from datetime import date
    from simulator.county import County, CountyParameters
    from simulator.serve import run_county

    parameters = CountyParameters(start=date(2025, 5, 1), scale=0.02, seed=7)
    with run_county(parameters, home, until=date(2025, 6, 3)) as running:
        running.environment    # CASES_API_URL, …_TOKEN, LANDING_DIR, LIGHTING_DSN
        running.advance_to(date(2025, 6, 4))
        running.county.planted(date(2025, 6, 4))   # broken rows and their rules
        running.county.counts(date(2025, 6, 4))    # rows that nights have received

The parts alone: `simulator.drops.write_drops(county, landing_dir, day)` writes files,
`simulator.server.CasesServer(county)` is the REST API with `set_clock`, and
`simulator.postgres.PostgresServer(home)` with `simulator.lighting.fill(owner_dsn,
county, day)` the street-light database. Time only moves forward; advance day by day
where every re-sent file must be seen. From a shell: `python -m simulator --help`.
"""
