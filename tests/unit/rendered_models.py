"""Rendered models: SQL of the dbt project on tables made by hand, without dbt.

A property is tried on hundreds of counties; a dbt build of each would take hours. Here
the project's own files are rendered with its own macros, and every model is a view.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import jinja2
import yaml

PROJECT = Path(__file__).parents[2] / "dbt_project"
Cell = str | int | float | bool | None
Row = Mapping[str, Cell]


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701 - SQL, not HTML
    environment.globals.update(
        ref=lambda name: name,
        source=lambda schema, name: f"{schema}_{name}",
        config=lambda **_: "",
        env_var=lambda _, default="": default,
        is_incremental=lambda: False,
        fromyaml=yaml.safe_load,
        **{"return": _return},
    )
    macros = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted((PROJECT / "macros").glob("*.sql"))
    )
    module = environment.from_string(macros).module
    environment.globals.update(
        {name: _called(each) for name, each in vars(module).items() if name[0] != "_"}
    )
    return environment


class _ReturnedError(Exception):
    """A macro said `return`, as dbt has it."""


def _return(value: object) -> None:
    raise _ReturnedError(value)


def _called(macro: Callable[..., object]) -> Callable[..., object]:
    def call(*arguments: object, **named: object) -> object:
        try:
            return macro(*arguments, **named)
        except _ReturnedError as returned:
            return returned.args[0]

    return call


class Models:
    """A database with some models of the project over tables of one's own.

    `settled` models are tables, computed anew by `settle`: what many others read is
    then planned once.
    """

    def __init__(
        self,
        tables: Mapping[str, str],
        models: Iterable[str],
        settled: Collection[str] = (),
    ) -> None:
        self.database = duckdb.connect()
        self.database.execute("set threads = 1")
        self._settled: dict[str, str] = {}
        environment = _environment()
        for name, columns in tables.items():
            self.database.execute(f"create table {name} ({columns})")
        for seed in (PROJECT / "seeds").glob("*.csv"):
            self.database.execute(
                f"create table {seed.stem} as from read_csv('{seed}', header = true)"
            )
        for model in models:
            (path,) = PROJECT.glob(f"models/**/{model}.sql")
            sql = environment.from_string(path.read_text(encoding="utf-8")).render()
            if model in settled:
                self._settled[model] = sql
                self.database.execute(f"create table {model} as {sql}")
            else:
                self.database.execute(f"create view {model} as {sql}")

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        """Replace what a table holds; what a row does not say is null."""
        self.database.execute(f"truncate {table}")
        if not rows:
            return
        names = sorted({name for row in rows for name in row})
        line = f"({', '.join('?' for _ in names)})"
        self.database.execute(
            f"insert into {table} ({', '.join(names)}) "  # noqa: S608 - our own names
            f"values {', '.join(line for _ in rows)}",
            [row.get(name) for row in rows for name in names],
        )

    def settle(self) -> None:
        """Compute the settled models from what the tables hold."""
        for model, sql in self._settled.items():
            self.database.execute(f"create or replace table {model} as {sql}")

    def ask(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        return self.database.execute(query).fetchall()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()
