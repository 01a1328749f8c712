"""The statements of `SqlRuns`, built once.

No parameter has the name of a column that its statement sets: SQLAlchemy keeps those for itself.
"""

from sqlalchemy import (
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from .tables import UtcDateTime, replicas, run_log, runs

Upsert = postgresql.Insert | sqlite.Insert

ID = bindparam("run_id", type_=Text())
OWNER = bindparam("run_owner", type_=Text())
THREAD_ID = bindparam("thread_id", type_=Text())
REPLICA_ID = bindparam("replica_id", type_=Text())
ATTEMPT = bindparam("run_attempt", type_=Integer())
LIMIT = bindparam("limit", type_=Integer())

IS_OPEN = runs.c.state.in_(("queued", "running"))
IS_RUNNING = runs.c.state == "running"
OWN_RUN = and_(runs.c.id == ID, runs.c.owner == OWNER)
ATTEMPT_RUNS = and_(runs.c.id == ID, runs.c.attempt == ATTEMPT, IS_RUNNING)

LOAD_RUN = select(runs).where(OWN_RUN)
ACTIVE_RUN = select(runs).where(runs.c.thread_id == THREAD_ID, runs.c.owner == OWNER, IS_RUNNING)
KEYED_RUN = select(runs).where(
    runs.c.owner == OWNER, runs.c.idempotency_key == bindparam("idempotency_key", type_=Text())
)
IN_THE_WAY = (
    select(runs.c.id)
    .where(
        runs.c.thread_id == THREAD_ID,
        runs.c.id != ID,
        or_(IS_RUNNING, and_(runs.c.state == "queued", runs.c.id < ID)),
    )
    .order_by(case((IS_RUNNING, 0), else_=1), runs.c.id)
    .limit(1)
)
"""The run for which another one of its thread has to wait."""

LOCK_QUEUE = (
    select(runs.c.id)
    .where(runs.c.thread_id == THREAD_ID, IS_OPEN)
    .order_by(runs.c.id)  # as `FENCES` does
    .with_for_update()
)
"""On PostgreSQL those who queue for a thread count one after the other."""

QUEUED = select(func.count()).where(runs.c.thread_id == THREAD_ID, runs.c.state == "queued")
DEQUEUE = delete(runs).where(runs.c.id == ID, runs.c.state == "queued")
REQUEST_CANCEL = update(runs).where(OWN_RUN, IS_OPEN).values(cancel_requested=true())
KEEP_RUN = update(runs).where(OWN_RUN).values(resumable=true())
MARK_ACTED = update(runs).where(ATTEMPT_RUNS).values(acted=true())
DELETE_THREAD_RUNS = delete(runs).where(
    runs.c.thread_id == THREAD_ID, runs.c.owner == bindparam("owner", type_=Text())
)
"""With the parameters of `SqlStore`'s own statements."""

FENCE = select(literal(1)).where(ATTEMPT_RUNS).with_for_update(read=True)
"""A row if the attempt may write. On PostgreSQL a take-over waits for the transaction that asks."""

FENCES = (
    select(runs.c.id, runs.c.attempt, runs.c.state)
    .where(runs.c.id.in_(bindparam("ids", expanding=True, type_=Text())))
    .order_by(runs.c.id)  # everybody locks in one order
    .with_for_update()
)
END_RUN = (
    update(runs)
    .where(runs.c.id == ID)
    .values(
        state=bindparam("end_state", type_=Text()),
        ended_at=bindparam("end_time", type_=UtcDateTime()),
    )
)
READ_LOG: Select[tuple[int, int, str]] = (
    select(run_log.c.first_seq, run_log.c.last_seq, run_log.c.payload)
    .where(run_log.c.run_id == ID, run_log.c.last_seq > bindparam("after"))
    .order_by(run_log.c.last_seq)
    .limit(LIMIT)
)

BEATS = (
    select(runs.c.replica_id, func.coalesce(func.max(replicas.c.beat), 0).label("beat"))
    .select_from(runs.outerjoin(replicas, replicas.c.id == runs.c.replica_id))
    .where(IS_OPEN)
    .group_by(runs.c.replica_id)
)
FORGET_REPLICA = delete(replicas).where(
    replicas.c.id == REPLICA_ID,
    ~select(runs.c.id).where(runs.c.replica_id == REPLICA_ID, IS_OPEN).exists(),
)
HELD_BY = (
    select(runs).where(runs.c.replica_id == REPLICA_ID, IS_OPEN).order_by(runs.c.id).limit(LIMIT)
)
CANCEL_REQUESTS = select(runs.c.id).where(
    runs.c.replica_id == REPLICA_ID, IS_OPEN, IS_RUNNING, runs.c.cancel_requested == true()
)
TAKE_OVER = (
    update(runs)
    .where(ATTEMPT_RUNS)
    .values(attempt=runs.c.attempt + 1, replica_id=bindparam("new_replica_id", type_=Text()))
)
RELOAD = select(runs).where(runs.c.id == ID)
PURGE = delete(runs).where(
    runs.c.id.in_(
        select(runs.c.id)
        .where(runs.c.ended_at < bindparam("before", type_=UtcDateTime()))
        .order_by(runs.c.ended_at)
        .limit(LIMIT)
    )
)


class RunUpserts:
    """The `INSERT … ON CONFLICT` of one dialect; SQLAlchemy has no common one."""

    def __init__(self, dialect: str) -> None:
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        self.begin = self._begin(insert(runs))
        self.enqueue = insert(runs)
        self.chunk = insert(run_log).on_conflict_do_nothing()
        beat = insert(replicas).values(id=REPLICA_ID, beat=1)
        self.beat = beat.on_conflict_do_update(
            index_elements=["id"], set_={"beat": replicas.c.beat + 1}
        )

    @staticmethod
    def _begin(insert: Upsert) -> Upsert:
        return insert.on_conflict_do_update(
            index_elements=["id"],
            set_={name: insert.excluded[name] for name in ("state", "request")},
            where=runs.c.state == "queued",
        )


__all__ = [
    "ACTIVE_RUN",
    "BEATS",
    "CANCEL_REQUESTS",
    "DELETE_THREAD_RUNS",
    "DEQUEUE",
    "END_RUN",
    "FENCE",
    "FENCES",
    "FORGET_REPLICA",
    "HELD_BY",
    "IN_THE_WAY",
    "KEEP_RUN",
    "KEYED_RUN",
    "LOAD_RUN",
    "LOCK_QUEUE",
    "MARK_ACTED",
    "PURGE",
    "QUEUED",
    "READ_LOG",
    "RELOAD",
    "REQUEST_CANCEL",
    "TAKE_OVER",
    "RunUpserts",
]
