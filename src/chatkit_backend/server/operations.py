"""Every ChatKit request, by type."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeAlias, assert_never

from chatkit.errors import CustomStreamError, StreamError
from chatkit.store import NotFoundError
from chatkit.types import (
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    ChatKitReq,
    InputTranscribeReq,
    ItemsFeedbackReq,
    ItemsListReq,
    ThreadsAddClientToolOutputReq,
    ThreadsAddStructuredInputReq,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsCustomActionReq,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsRetryAfterItemReq,
    ThreadsSyncCustomActionReq,
    ThreadsUpdateReq,
)
from pydantic import BaseModel
from typing_extensions import TypeVar

from chatkit_backend.errors import BadRequest, NotFound, Unavailable
from chatkit_backend.runs import Reader
from chatkit_backend.store.errors import CursorNotFoundError, UnstorableError

from .actions import Actions
from .attachments import Attachments, Dictation
from .call import Asked, Call
from .context import RequestContext, set_request_owner
from .messages import Messages
from .service import Service
from .session_rules import refuse_forbidden
from .threads import Threads

C = TypeVar("C")

Reply: TypeAlias = Reader | BaseModel | None
"""A run to follow, a JSON object, or an empty one."""


class Operations(Generic[C]):
    """Serves ChatKit requests with one `ChatKitServer`.

    Replaces `ChatKitServer.process`, which answers most mistakes with a 500 or a broken stream;
    the server's extension points are called as the SDK promises.
    """

    def __init__(self, service: Service[C], context: Callable[[RequestContext], C]) -> None:
        """`context` makes what the server's extension points and its store are given."""
        self._context = context
        self._messages = Messages(service)
        self._actions = Actions(service)
        self._threads = Threads(service)
        self._attachments = Attachments(service)
        self._dictation = Dictation(service)

    async def handle(
        self, request: ChatKitReq, caller: RequestContext, asked: Asked | None = None
    ) -> Reply:
        """Carry out one request.

        Raises: RequestError for everything that is wrong with it, and StoreUnavailableError; then
            nothing was changed.
        """
        set_request_owner(caller.principal.owner)
        with refusals():
            call = Call(context=self._context(caller), caller=caller, asked=asked or Asked())
            refuse_forbidden(request, caller.session)
            return await self._dispatch(request, call)

    async def _dispatch(self, request: ChatKitReq, call: Call[C]) -> Reply:  # noqa: C901
        # One line a type: splitting it would hide that all sixteen are there.
        context = call.context
        match request:
            case ThreadsCreateReq():
                return await self._messages.create(request.params, call)
            case ThreadsAddUserMessageReq():
                return await self._messages.add(request.params, call)
            case ThreadsAddClientToolOutputReq():
                return await self._messages.add_client_tool_output(request.params, call)
            case ThreadsAddStructuredInputReq():
                return await self._messages.add_structured_input(request.params, call)
            case ThreadsRetryAfterItemReq():
                return await self._messages.retry(request.params, call)
            case ThreadsCustomActionReq():
                return await self._actions.stream(request.params, call)
            case ThreadsSyncCustomActionReq():
                return await self._actions.sync(request.params, context)
            case ThreadsGetByIdReq():
                return await self._threads.get(request.params, context)
            case ThreadsListReq():
                return await self._threads.list(request.params, context, call.caller.session)
            case ThreadsUpdateReq():
                return await self._threads.rename(request.params, context)
            case ThreadsDeleteReq():
                await self._threads.delete(request.params, call)
                return None
            case ItemsListReq():
                return await self._threads.items(request.params, context)
            case ItemsFeedbackReq():
                await self._threads.feedback(request.params, context)
                return None
            case AttachmentsCreateReq():
                return await self._attachments.create(request.params, context)
            case AttachmentsDeleteReq():
                await self._attachments.delete(request.params, context)
                return None
            case InputTranscribeReq():
                return await self._dictation.transcribe(request.params, context)
            case _:
                assert_never(request)


@contextmanager
def refusals() -> Iterator[None]:
    """What stores and servers raise, as answers to the client, but for a database that is away."""
    try:
        yield
    except CursorNotFoundError as exc:
        raise BadRequest(
            "unknown_cursor", f"params.after {str(exc)!r} is not an id of this list."
        ) from exc
    except NotFoundError as exc:
        raise NotFound("not_found", "The thread, item, run or attachment is not there.") from exc
    except UnstorableError as exc:
        raise BadRequest("invalid_text", str(exc)) from exc
    except CustomStreamError as exc:
        raise BadRequest("refused", exc.message) from exc
    except StreamError as exc:
        if exc.allow_retry:
            raise Unavailable("try_again", "This did not work now; try again.") from exc
        raise BadRequest("refused", "The server refused this.") from exc
