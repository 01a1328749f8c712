"""For tests, of this package and of what is built on it.

- `scripted_model`: an Agents SDK model that plays a script
- `model_server`: a real HTTP server that speaks OpenAI's protocols
- `store_contract`: what every store must do, as pytest classes to inherit from (needs pytest)
"""

from .model_server import ModelServer
from .scripted_model import ScriptedModel, ToolCall

__all__ = ["ModelServer", "ScriptedModel", "ToolCall"]
