"""The statements of `SqlRuns`, built once.

No parameter has the name of a column that its statement sets: SQLAlchemy keeps those for itself.
"""

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    Executable,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from .owner_guard import across_owners
from .tables import RUNNING, UtcDateTime, replicas, run_log, runs

Upsert = postgresql.Insert | sqlite.Insert

TURN = "whose turn it is on a thread is decided for the thread, whoever asks"
HELD = "the process that holds an attempt writes it, whoever owns the run; the fence is its right"
HOUSEKEEPING = "a process looks after the runs that it, or one that is gone, holds for everybody"

OWNER_LOCKS = literal(0x636861746B6974, BigInteger())
"""Seed of the hash, so that advisory locks of other programs in the database are others."""

ID = bindparam("run_id", type_=Text())
OWNER = bindparam("run_owner", type_=Text())
THREAD_ID = bindparam("thread_id", type_=Text())
REPLICA_ID = bindparam("replica_id", type_=Text())
ATTEMPT = bindparam("run_attempt", type_=Integer())
LIMIT = bindparam("limit", type_=Integer())

# Not parameters: an index of some rows is used only where the statement says which. SQLite looks at
# their values too, and plans the statement anew each time: 60 of the 75 µs of `IN_THE_WAY`.
STATE_QUEUED: ColumnClause[str] = literal_column("'queued'", Text())
STATE_RUNNING: ColumnClause[str] = literal_column("'running'", Text())

IS_OPEN = runs.c.state.in_((STATE_QUEUED, STATE_RUNNING))
IS_QUEUED = runs.c.state == STATE_QUEUED
IS_RUNNING = runs.c.state == STATE_RUNNING
OWN_RUN = and_(runs.c.id == ID, runs.c.owner == OWNER)
ATTEMPT_RUNS = and_(runs.c.id == ID, runs.c.attempt == ATTEMPT, IS_RUNNING)

LOAD_RUN = select(runs).where(OWN_RUN)
ACTIVE_RUN = select(runs).where(runs.c.thread_id == THREAD_ID, runs.c.owner == OWNER, IS_RUNNING)
KEYED_RUN = select(runs).where(
    runs.c.owner == OWNER, runs.c.idempotency_key == bindparam("idempotency_key", type_=Text())
)
IN_THE_WAY = across_owners(
    select(runs.c.id)
    .where(
        runs.c.thread_id == THREAD_ID,
        runs.c.id != ID,
        or_(IS_RUNNING, and_(IS_QUEUED, runs.c.id < ID)),
    )
    .order_by(case((IS_RUNNING, 0), else_=1), runs.c.id)
    .limit(1),
    TURN,
)
"""The run for which another one of its thread has to wait."""

LOCK_QUEUE = across_owners(
    select(runs.c.id)
    .where(runs.c.thread_id == THREAD_ID, IS_OPEN)
    .order_by(runs.c.id)  # as `FENCES` does
    .with_for_update(),
    TURN,
)
"""On PostgreSQL those who queue for a thread count one after the other."""

QUEUED = across_owners(select(func.count()).where(runs.c.thread_id == THREAD_ID, IS_QUEUED), TURN)
LOCK_OWNER = select(func.pg_advisory_xact_lock(func.hashtextextended(OWNER, OWNER_LOCKS)))
"""On PostgreSQL the runs of one owner are counted and begun one after the other."""

RUNNING_OF_OWNER = select(func.count()).where(runs.c.owner == OWNER, RUNNING)
DEQUEUE = across_owners(delete(runs).where(runs.c.id == ID, IS_QUEUED), TURN)
REQUEST_CANCEL = (
    update(runs)
    .where(OWN_RUN, IS_OPEN)
    .values(
        cancel_requested=true(),
        state=case((IS_QUEUED, "cancelled"), else_=runs.c.state),
        ended_at=case(
            (IS_QUEUED, bindparam("asked_at", type_=UtcDateTime())),
            else_=runs.c.ended_at,
        ),
    )
)
"""A running run hears of it; a queued one has ended with it."""

KEEP_RUN = update(runs).where(OWN_RUN).values(resumable=true())
MARK_ACTED = across_owners(update(runs).where(ATTEMPT_RUNS).values(acted=true()), HELD)
DELETE_THREAD_RUNS = delete(runs).where(
    runs.c.thread_id == THREAD_ID, runs.c.owner == bindparam("owner", type_=Text())
)
"""With the parameters of `SqlStore`'s own statements."""

FENCE = across_owners(select(literal(1)).where(ATTEMPT_RUNS).with_for_update(read=True), HELD)
"""A row if the attempt may write. On PostgreSQL a take-over waits for the transaction that asks."""

FENCES = across_owners(
    select(runs.c.id, runs.c.attempt, runs.c.state)
    .where(runs.c.id.in_(bindparam("ids", expanding=True, type_=Text())))
    .order_by(runs.c.id)  # everybody locks in one order
    .with_for_update(),
    HELD,
)
END_RUN = across_owners(
    update(runs)
    .where(runs.c.id == ID)
    .values(
        state=bindparam("end_state", type_=Text()),
        ended_at=bindparam("end_time", type_=UtcDateTime()),
    ),
    HELD,
)
READ_LOG: Select[tuple[int, int, str]] = (
    select(run_log.c.first_seq, run_log.c.last_seq, run_log.c.payload)
    .where(
        run_log.c.run_id == ID,
        run_log.c.owner == OWNER,
        run_log.c.last_seq > bindparam("after"),
    )
    .order_by(run_log.c.last_seq)
    .limit(LIMIT)
)

BEATS = across_owners(
    select(runs.c.replica_id, func.coalesce(func.max(replicas.c.beat), 0).label("beat"))
    .select_from(runs.outerjoin(replicas, replicas.c.id == runs.c.replica_id))
    .where(IS_OPEN)
    .group_by(runs.c.replica_id),
    HOUSEKEEPING,
)
FORGET_REPLICA = across_owners(
    delete(replicas).where(
        replicas.c.id == REPLICA_ID,
        ~select(runs.c.id).where(runs.c.replica_id == REPLICA_ID, IS_OPEN).exists(),
    ),
    HOUSEKEEPING,
)
HELD_BY = across_owners(
    select(runs).where(runs.c.replica_id == REPLICA_ID, IS_OPEN).order_by(runs.c.id).limit(LIMIT),
    HOUSEKEEPING,
)
CANCEL_REQUESTS = across_owners(
    select(runs.c.id).where(
        runs.c.replica_id == REPLICA_ID, IS_OPEN, IS_RUNNING, runs.c.cancel_requested == true()
    ),
    HOUSEKEEPING,
)
TAKE_OVER = across_owners(
    update(runs)
    .where(ATTEMPT_RUNS)
    .values(attempt=runs.c.attempt + 1, replica_id=bindparam("new_replica_id", type_=Text())),
    HOUSEKEEPING,
)
RELOAD = across_owners(select(runs).where(runs.c.id == ID), HOUSEKEEPING)
PURGE = across_owners(
    delete(runs).where(
        runs.c.id.in_(
            select(runs.c.id)
            .where(runs.c.ended_at < bindparam("before", type_=UtcDateTime()))
            .order_by(runs.c.ended_at)
            .limit(LIMIT)
        )
    ),
    HOUSEKEEPING,
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
    def _begin(insert: Upsert) -> Executable:
        return insert.on_conflict_do_update(
            index_elements=["id"],
            set_={name: insert.excluded[name] for name in ("state", "request")},
            where=and_(IS_QUEUED, runs.c.owner == insert.excluded.owner),
        ).returning(runs.c.id)


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
