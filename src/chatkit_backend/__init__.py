"""chatkit-backend: everything between a chat box and a language model.

```python
from chatkit_backend import create_app

app = create_app(agent=my_agent)
```

The names below load their modules when they are first used: the Agents SDK takes two seconds to
import, and `chatkit-backend chat` needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import Backend, create_app, create_router, default_store
    from .client import ChatKitClient, ChatKitError
    from .errors import BackendError, ConfigError, RequestError
    from .identity import Authenticator, Identity, Principal, Session
    from .server.agent import AgentOptions, AgentServer
    from .server.agent_context import ChatContext
    from .server.context import PageContext, RequestContext, UserInfo, UserProfile
    from .server.conversion import InputConverter
    from .settings import Settings
    from .store import MemoryStore, SqlStore

_MODULES = {
    "app": ("Backend", "create_app", "create_router", "default_store"),
    "client": ("ChatKitClient", "ChatKitError"),
    "errors": ("BackendError", "ConfigError", "RequestError"),
    "identity": ("Authenticator", "Identity", "Principal", "Session"),
    "server.agent": ("AgentOptions", "AgentServer"),
    "server.agent_context": ("ChatContext",),
    "server.context": ("PageContext", "RequestContext", "UserInfo", "UserProfile"),
    "server.conversion": ("InputConverter",),
    "settings": ("Settings",),
    "store": ("MemoryStore", "SqlStore"),
}

__all__ = [
    "AgentOptions",
    "AgentServer",
    "Authenticator",
    "Backend",
    "BackendError",
    "ChatContext",
    "ChatKitClient",
    "ChatKitError",
    "ConfigError",
    "Identity",
    "InputConverter",
    "MemoryStore",
    "PageContext",
    "Principal",
    "RequestContext",
    "RequestError",
    "Session",
    "Settings",
    "SqlStore",
    "UserInfo",
    "UserProfile",
    "create_app",
    "create_router",
    "default_store",
]


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
