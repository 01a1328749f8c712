"""How a model's answer can fail beyond what the `openai` client raises.

```
BackendError
└── ModelError
    ├── FirstTokenTimeoutError
    ├── TokenTimeoutError
    └── ModelStreamError
```
"""

from chatkit_backend.errors import BackendError


class ModelError(BackendError):
    """A model did not answer as it should. `failures.explain` says what to do."""


class FirstTokenTimeoutError(ModelError):
    """Nothing came within MODEL_FIRST_TOKEN_TIMEOUT_S."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the model wrote nothing within {seconds:g} s of the request")
        self.seconds = seconds


class TokenTimeoutError(ModelError):
    """An answer that had begun fell silent for MODEL_TOKEN_TIMEOUT_S."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the model fell silent for {seconds:g} s in the middle of its answer")
        self.seconds = seconds


class ModelStreamError(ModelError):
    """The provider ended its stream with a failure.

    Attributes:
        code: The provider's name for it (`server_error`), or ours: `stream_cut` when a stream ended
            without its last event.
        message: The provider's sentence. It may hold anything; show `failures.explain` instead.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
