"""Who asks, from where: what the agent and the extension points know of a request."""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from chatkit_backend.errors import BadRequest
from chatkit_backend.identity import Principal, Session

MAX_HEADER_CHARS = 256
"""Longest `X-User-ID`, `X-Session-ID` or `Accept-Language` that is taken over."""

CONTEXT_HEADERS = ("x-user-id", "x-session-id", "accept-language")
"""The headers that a `RequestContext` is made of."""


class _ClientData(BaseModel):
    """What a front end says. Unknown members are kept: an integration has its own."""

    model_config = ConfigDict(extra="allow", frozen=True)


class UserInfo(_ClientData):
    """`metadata.userInfo`: the person, as the page knows them. Not proven."""

    id: str | None = None
    name: str | None = None
    email: str | None = None


class PageContext(_ClientData):
    """`metadata.pageContext`: the page that the chat is on."""

    url: str | None = None
    title: str | None = None
    description: str | None = None
    selected_text: str | None = Field(
        None, validation_alias=AliasChoices("selectedText", "selected_text")
    )


class UserProfile(_ClientData):
    """`metadata.userProfile`: what suits the person."""

    education_level: str | None = Field(
        None, validation_alias=AliasChoices("educationLevel", "education_level")
    )
    programming_experience: str | None = Field(
        None, validation_alias=AliasChoices("programmingExperience", "programming_experience")
    )


class _Metadata(_ClientData):
    user_info: UserInfo | None = Field(None, validation_alias=AliasChoices("userInfo", "user_info"))
    page_context: PageContext | None = Field(
        None, validation_alias=AliasChoices("pageContext", "page_context")
    )
    user_profile: UserProfile | None = Field(
        None, validation_alias=AliasChoices("userProfile", "user_profile")
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class RequestContext(Mapping[str, object]):
    """What is known of one request. Tools reach it as `ctx.context.request_context`.

    It also reads as a mapping, because published ChatKit servers expect one:
    `context["request"]`, `context.get("user_id")`.

    Attributes:
        principal: Who asks, proven by an authenticator. Use this for decisions.
        session: The session whose secret the request carries: what its maker said about workflow,
            state variables and configuration.
        request: The HTTP request.
        request_id: In every log line of this request.
        stated_user_id: `X-User-ID` as the client sent it; proven only with `AUTH=header`.
        session_id: `X-Session-ID` as the client sent it.
        locale: The user's language by their credential; else the first of `Accept-Language`,
            such as `de-CH`.
        user_info, page_context, user_profile: From the request's `metadata`. Not proven.
        metadata: The request's `metadata` as it came.
    """

    principal: Principal
    request: Request
    request_id: str
    session: Session | None = None
    stated_user_id: str | None = None
    session_id: str | None = None
    locale: str | None = None
    user_info: UserInfo | None = None
    page_context: PageContext | None = None
    user_profile: UserProfile | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    __hash__ = object.__hash__

    @property
    def user_id(self) -> str:
        """The proven user id."""
        return self.principal.user_id

    def __getitem__(self, key: str) -> object:
        if key not in _KEYS:
            raise KeyError(key)
        value: object = getattr(self, key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(_KEYS)

    def __len__(self) -> int:
        return len(_KEYS)


_KEYS = ("user_id", *RequestContext.__dataclass_fields__)


_owner: ContextVar[str] = ContextVar("chatkit_backend_owner")


def set_request_owner(owner: str) -> None:
    """Say whose request this task, and every task that it starts, works for."""
    _owner.set(owner)


def request_owner(context: object) -> str:
    """The owner for a store, whatever context a server's author chose.

    Raises: LookupError outside a request, for a context that names nobody.
    """
    if isinstance(context, RequestContext):
        return context.principal.owner
    return _owner.get()


def request_context(
    request: Request,
    principal: Principal,
    request_id: str,
    metadata: Mapping[str, object],
    session: Session | None = None,
) -> RequestContext:
    """Read a request's headers and metadata.

    Raises: BadRequest (`invalid_metadata`) if a member that we know has another shape.
    """
    try:
        parsed = _Metadata.model_validate(metadata)
    except ValidationError as exc:
        error = exc.errors(include_input=False, include_url=False)[0]
        path = ".".join(str(part) for part in ("metadata", *error["loc"]))
        raise BadRequest("invalid_metadata", f"{path}: {error['msg']}.") from None
    return RequestContext(
        principal=principal,
        request=request,
        request_id=request_id,
        session=session,
        stated_user_id=_header(request, "x-user-id"),
        session_id=_header(request, "x-session-id"),
        locale=principal.locale or _first_language(_header(request, "accept-language")),
        user_info=parsed.user_info,
        page_context=parsed.page_context,
        user_profile=parsed.user_profile,
        metadata=metadata,
    )


def _header(request: Request, name: str) -> str | None:
    value = request.headers.get(name, "").strip()
    return value[:MAX_HEADER_CHARS] or None


def _first_language(header: str | None) -> str | None:
    if header is None:
        return None
    language = header.partition(",")[0].partition(";")[0].strip()
    return None if language in {"", "*"} else language
