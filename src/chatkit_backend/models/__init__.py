"""The models that agents are answered by: providers, timeouts, retries, fallbacks, offline."""

from .catalog import ModelCatalog
from .errors import FirstTokenTimeoutError, ModelError, ModelStreamError, TokenTimeoutError
from .failures import ModelFailure, explain
from .fallback import FallbackModel
from .offline import OfflineModel
from .providers import PROVIDERS, ChosenProvider, Provider, choose
from .retried import Backoff, RetriedModel
from .timed import TimedModel

__all__ = [
    "PROVIDERS",
    "Backoff",
    "ChosenProvider",
    "FallbackModel",
    "FirstTokenTimeoutError",
    "ModelCatalog",
    "ModelError",
    "ModelFailure",
    "ModelStreamError",
    "OfflineModel",
    "Provider",
    "RetriedModel",
    "TimedModel",
    "TokenTimeoutError",
    "choose",
    "explain",
]
