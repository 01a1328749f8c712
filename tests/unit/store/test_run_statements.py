"""Statements about runs use the indexes that are made for the few that are open."""

from pathlib import Path

import pytest
from sqlalchemy import Executable, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from chatkit_backend.store import run_statements
from chatkit_backend.store.run_statements import RunUpserts
from chatkit_backend.store.tables import metadata

STATEMENTS = {
    name: statement
    for name, statement in (vars(run_statements) | vars(RunUpserts("sqlite"))).items()
    if isinstance(statement, Executable) and isinstance(statement, ClauseElement)
}

SWEPT = ("HELD_BY", "CANCEL_REQUESTS", "BEATS", "FORGET_REPLICA")
"""What every process asks every few seconds, or more often."""


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_state_that_is_looked_for_is_no_parameter(name: str) -> None:
    values = STATEMENTS[name].compile(dialect=sqlite.dialect()).params.values()

    assert not {"queued", "running"}.intersection(map(str, values))


@pytest.mark.parametrize("name", SWEPT)
def test_ended_runs_are_not_looked_through(name: str, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'chat.sqlite3'}")
    metadata.create_all(engine)
    compiled = STATEMENTS[name].compile(engine)
    assert isinstance(compiled, SQLCompiler)
    with engine.connect() as connection:
        values = tuple(compiled.params[name] for name in compiled.positiontup or ())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
        plan = "\n".join(row[3] for row in rows)
    engine.dispose()

    assert "ix_chatkit_runs_open" in plan, plan
