"""The second line of defence: a statement that forgets the owner is not executed.

Every query names its owner (`statements`, `run_statements`). Should one be written that does not,
it fails with `OwnerlessError` the first time that it is used, in the first test that comes by,
instead of showing somebody's rows to everybody. It is a look at the statement and no policy of
PostgreSQL's, so that it holds on SQLite too, and through poolers, which allow no `SET`.

What keeps house for all owners (leases, purges) says so, and why: `across_owners`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar
from weakref import WeakSet

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ClauseElement,
    ColumnClause,
    Delete,
    Engine,
    Executable,
    FromClause,
    FunctionElement,
    Insert,
    Select,
    SelectBase,
    Table,
    TableClause,
    TextClause,
    Update,
    Values,
    event,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.selectable import AliasedReturnsRows, FromGrouping, Join

from .tables import tenant_of

S = TypeVar("S", bound=Executable)

OWNER = "owner"
TENANT = "tenant"
ACROSS = "across_owners"
TABLES = "chatkit_"
"""How the names of our tables begin."""


class OwnerlessError(AssertionError):
    """A statement about owned rows names no owner: a mistake in this package, not in a request."""


def across_owners(statement: S, why: str) -> S:
    """Mark a statement that is meant to touch the rows of more than one owner."""
    if not why:
        raise ValueError("say why the statement may touch everybody's rows")
    return statement.execution_options(**{ACROSS: why})


def guard(engine: Engine) -> None:
    """Have every statement of `engine` looked at, once for each statement object."""
    known: WeakSet[ClauseElement] = WeakSet()

    def look(_: object, statement: ClauseElement, *__: object) -> None:
        if statement not in known:
            require_owner(statement)
            known.add(statement)

    event.listen(engine, "before_execute", look)


class _Key(NamedTuple):
    """What says whose a table's rows are: their owner, or the tenant that the owner is of."""

    table: FromClause
    kind: str


def require_owner(statement: ClauseElement) -> None:
    """Raise OwnerlessError unless every owned table in `statement` is bound to an owner.

    Each select, update and delete in it is looked at by itself: what an outer one is bound to says
    nothing of an inner one.
    """
    if isinstance(statement, Executable) and statement.get_execution_options().get(ACROSS):
        return
    for part in visitors.iterate(statement):
        _refuse_text(part)
        froms, condition = _touched(part)
        owned = [one for source in froms for one in _tables(source) if OWNER in one.c]
        bound = _bound(owned, condition)
        for table in owned:
            if table not in bound:
                raise OwnerlessError(
                    f"{type(part).__name__} on {_name(table)!r} names no owner; "
                    "filter by its owner, or mark the statement with across_owners(…)"
                )


def _refuse_text(part: object) -> None:
    match part:
        case TextClause(text=text):
            pass
        case ColumnClause(is_literal=True, name=text):
            pass
        case _:
            return
    if TABLES in text:
        raise OwnerlessError(f"text cannot be checked for its owner: {text[:80]!r}")


def _touched(part: object) -> tuple[Iterable[object], ClauseElement | None]:
    """What a part of a statement takes rows from, and what those must fulfil."""
    match part:
        case Select():
            return part.get_final_froms(), part.whereclause
        case Update() | Delete():
            # Also what only the condition or a new value names: UPDATE … FROM, DELETE … USING.
            return {part.table: None, **dict.fromkeys(_sources(part))}, part.whereclause
        case Insert() if (conflict := getattr(part, "_post_values_clause", None)) is not None:
            # A row that is there may be another owner's.
            if getattr(conflict, "update_values_to_set", None):
                return [part.table], conflict.update_whereclause
    return (), None


def _sources(part: visitors.ExternallyTraversible) -> Iterator[FromClause]:
    """The tables of the columns in `part`, but for those in selects of their own."""
    for child in part.get_children():
        if isinstance(child, ColumnClause) and child.table is not None:
            yield child.table
        elif isinstance(child, ClauseElement) and not isinstance(child, SelectBase | FromClause):
            yield from _sources(child)


def _tables(source: object) -> Iterator[FromClause]:
    """The tables in what rows are taken from, by the names that their columns have there."""
    match source:
        case Join():
            yield from _tables(source.left)
            yield from _tables(source.right)
        case FromGrouping():
            yield from _tables(source.element)
        case Table():
            yield source
        case AliasedReturnsRows():  # aliases, also of aliases; samples; selects, which come by
            element: object = source
            while isinstance(element, AliasedReturnsRows | FromGrouping):
                element = element.element
            if isinstance(element, Table):
                yield source
            elif not isinstance(element, SelectBase):
                yield from _tables(element)
        case TableClause(name=name) if TABLES not in name:
            pass  # of somebody else's
        case TextClause() | Values() | FunctionElement():
            pass  # text about our tables is refused
        case _:
            raise OwnerlessError(
                f"{type(source).__name__} {_name(source)!r} cannot be checked for its owner"
            )


def _bound(owned: Sequence[FromClause], condition: ClauseElement | None) -> set[FromClause]:
    """Those of `owned` whose owner is a given one, or the same as that of one that is bound."""
    bound: set[FromClause] = set()
    links: list[set[FromClause]] = []
    for clause in _all_of(condition):
        if isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
            match [_key(side, owned) or side for side in (clause.left, clause.right)]:
                case [_Key() as one, _Key() as other]:
                    links += [{one.table, other.table}] if one.kind == other.kind else []
                case [_Key() as one, side] | [side, _Key() as one] if _is_given(side):
                    bound.add(one.table)
    for _ in links:  # a chain is no longer than there are links
        bound = bound.union(*(link for link in links if link & bound))
    return bound


def _all_of(condition: ClauseElement | None) -> Iterator[ClauseElement]:
    """What must hold of each row: the members of AND; of OR none by itself."""
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for clause in condition.clauses:
            yield from _all_of(clause)
    elif condition is not None:
        yield condition


def _key(side: ClauseElement, owned: Sequence[FromClause]) -> _Key | None:
    """Whose owner or tenant one side of a comparison is."""
    for table in owned:
        if side is table.c[OWNER]:
            return _Key(table, OWNER)
        if isinstance(side, tenant_of) and table.c[OWNER] in side.clauses:
            return _Key(table, TENANT)
        if TENANT in table.c and side is table.c[TENANT]:
            return _Key(table, TENANT)
    return None


def _is_given(side: object) -> bool:
    """Whether one side of a comparison is a parameter, or of the row that is being inserted."""
    if isinstance(side, ColumnClause):
        return side.name == OWNER and _name(side.table) == "excluded"
    return isinstance(side, BindParameter)


def _name(source: object) -> str:
    return str(getattr(source, "name", source))
