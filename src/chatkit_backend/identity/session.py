"""A session: a short permission for one person's browser, as hosted ChatKit issues them."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


def _state_value(value: object) -> object:
    if isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 4096):
        return value
    # Of a union pydantic says what is wrong for each member, and we show the first.
    raise PydanticCustomError(
        "state_value", "Input should be text of at most 4096 characters, a number or a boolean"
    )


StateValue: TypeAlias = Annotated[bool | int | float | str, BeforeValidator(_state_value)]
StateName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=64)]

MAX_STATE_VARIABLES = 64
MAX_FILE_SIZE_MB = 512
MAX_RECENT_THREADS = 1000


class _Part(BaseModel):
    """Unknown members are refused: a wish that is ignored in silence is worse than an error.

    What comes back from the database is read with `extra="ignore"`: while versions change, a newer
    process writes what an older one does not know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class Tracing(_Part):
    """`workflow.tracing`. Said back; this package sends no traces to anybody."""

    enabled: bool = True


class Workflow(_Part):
    """Which agent answers, and what it is told.

    Attributes:
        id: The name under which the operator serves an agent.
        state_variables: Values that reach the agent's context and its instructions.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    version: str | None = Field(default=None, max_length=256)
    state_variables: dict[StateName, StateValue] = Field(
        default_factory=dict, max_length=MAX_STATE_VARIABLES
    )
    tracing: Tracing = Tracing()


class AutomaticThreadTitling(_Part):
    """Whether new threads are given titles."""

    enabled: bool = True


class FileUpload(_Part):
    """Whether files may be attached, how large (MB) and how many."""

    enabled: bool = False
    max_file_size: int = Field(default=MAX_FILE_SIZE_MB, ge=1, le=MAX_FILE_SIZE_MB)
    max_files: int = Field(default=10, ge=1, le=1000)


class History(_Part):
    """Whether earlier threads are shown, and how many of them (None: all)."""

    enabled: bool = True
    recent_threads: int | None = Field(default=None, ge=1, le=MAX_RECENT_THREADS)


class Configuration(_Part):
    """`chatkit_configuration`, with the hosted service's defaults."""

    automatic_thread_titling: AutomaticThreadTitling = AutomaticThreadTitling()
    file_upload: FileUpload = FileUpload()
    history: History = History()


class Session(BaseModel):
    """What a session's secret permits.

    Attributes:
        max_requests_per_1_minute: Answers that may be asked for in a minute.
        issued_by: Id of the API key; None for a session that a signed-in browser asked for.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    configuration: Configuration = Configuration()
    workflow: Workflow | None = None
    max_requests_per_1_minute: int
    issued_by: str | None = None

    @property
    def state_variables(self) -> Mapping[str, StateValue]:
        """See `Workflow`."""
        return {} if self.workflow is None else self.workflow.state_variables


SessionStatus: TypeAlias = Literal["active", "expired", "cancelled"]
