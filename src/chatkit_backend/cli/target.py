"""What to serve, named as `module:attribute`."""

import importlib
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from agents import Agent
from chatkit.server import ChatKitServer
from starlette.applications import Starlette

from chatkit_backend.app import ContextFactory, ServerOrFactory
from chatkit_backend.errors import ConfigError
from chatkit_backend.identity import Authenticate


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An agent, agents by their workflow ids, or a server; none means the built-in agent."""

    agent: Agent[Any] | None = None
    agents: Mapping[str, Agent[Any]] | None = None
    server: ServerOrFactory | None = None


def load_target(name: str | None) -> Target:
    """Import what `module:attribute` names, from the working directory or what is installed.

    Raises: ConfigError if it is not there or is neither an agent nor a server.
    """
    if name is None:
        return Target()
    found = _load(name)
    if isinstance(found, Agent):
        return Target(agent=found)
    if isinstance(found, Mapping):
        return _agents(name, found)
    if isinstance(found, ChatKitServer):
        return Target(server=found)
    if isinstance(found, type) and not issubclass(found, ChatKitServer):
        raise ConfigError(f"{name} is the class {found.__name__}, which is no ChatKitServer")
    if callable(found) and _takes_a_store(found):
        return Target(server=found)
    if isinstance(found, Starlette):
        raise ConfigError(f"{name} is an application of its own: start it with `uvicorn {name}`")
    raise ConfigError(
        f"{name} is a {type(found).__name__}; name an agents.Agent, a mapping of workflow ids to "
        "agents, a ChatKitServer, a ChatKitServer class, or a function that makes one from a store"
    )


def _takes_a_store(made_by: Callable[..., object]) -> bool:
    try:
        signature(made_by).bind(object())
    except TypeError:
        return False
    except ValueError:  # one that is written in C says nothing of its parameters
        return True
    return True


def load_context(name: str | None) -> ContextFactory | None:
    """Import a context function. Raises: ConfigError."""
    if name is None:
        return None
    found = _load(name)
    if not callable(found):
        raise ConfigError(f"{name} is a {type(found).__name__}; a context function is needed")
    factory: Callable[[Any], Any] = found
    return factory


def load_authenticate(name: str | None) -> Authenticate | None:
    """Import a function that says who asks. Raises: ConfigError."""
    if name is None:
        return None
    found = _load(name)
    if not callable(found):
        raise ConfigError(
            f"{name} is a {type(found).__name__}; a function of the request is needed that "
            "returns a chatkit_backend.Principal or None"
        )
    authenticate: Authenticate = found
    return authenticate


def _agents(name: str, found: Mapping[object, object]) -> Target:
    """The first agent answers whoever's session names no workflow."""
    agents = {
        workflow: agent
        for workflow, agent in found.items()
        if isinstance(workflow, str) and isinstance(agent, Agent)
    }
    if not agents or len(agents) < len(found):
        raise ConfigError(f"{name} is a mapping, but not of workflow ids to agents.Agent")
    return Target(agent=next(iter(agents.values())), agents=agents)


def _load(name: str) -> object:
    module_name, colon, attribute = name.partition(":")
    if not (module_name and colon and attribute):
        raise ConfigError(f"{name!r} does not name module:attribute, such as my_assistant:agent")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as exc:
        parents = [module_name.rsplit(".", n)[0] for n in range(module_name.count(".") + 1)]
        if exc.name not in parents:
            raise ConfigError(f"{module_name} imports {exc.name!r}, which is not there") from exc
        raise ConfigError(f"there is no module {module_name!r} in {here} or installed") from exc
    except Exception as exc:
        where = traceback.extract_tb(exc.__traceback__)[-1]
        raise ConfigError(
            f"{module_name} cannot be imported: {type(exc).__name__}: {exc} "
            f"({where.filename}, line {where.lineno})"
        ) from exc
    try:
        found: object = getattr(module, attribute)
    except AttributeError:
        raise ConfigError(f"module {module_name!r} has no {attribute!r}") from None
    return found
