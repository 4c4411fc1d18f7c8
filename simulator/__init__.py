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

`planted` and `counts` take the nights one by one: a night for D reads the platform at
D 24:00, the files as they lie at the end of D and the database as it stands then. A
`Planted` names source, table, rule, first night and key or file, sheet and line. Other
counties: `CountyParameters(shape=simulator.elsewhere.invented(Census(towns=9, …)))`.
Troubles of the platform: `Faults` in the parameters, or ordered one by one with
`running.cases.faults.order("429", "html", "503")`; `running.cases.every_version = True`
is the platform that returns every version.

The parts alone: `simulator.drops.write_drops(county, landing_dir, day)` writes files,
`simulator.server.CasesServer(county)` is the REST API with `set_clock`, and
`simulator.postgres.PostgresServer(home)` with `simulator.lighting.fill(owner_dsn,
county, day)` the street-light database. Time only moves forward; advance day by day
where every re-sent file must be seen. A home is taken up again where it was left.

From a shell: `python -m simulator serve|write|truth --help`. While `serve` runs,
another process moves it with the platform's token:

    POST /simulator/advance?day=2025-06-04     POST /simulator/clock?at=…
    POST /simulator/versions?every=true        POST /simulator/troubles?kinds=429,html
    GET  /simulator/truth?day=2025-06-04       GET  /simulator/state
"""
