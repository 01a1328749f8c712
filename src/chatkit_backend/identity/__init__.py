"""Identity: who is asking, and how we know.

- `principal`: the person that every row belongs to
- `authenticator`: the seam, and the chain of those in use
- `anonymous`, `header`: two ways of knowing
- `secret_key`: what signs cookies
"""

from .anonymous import AnonymousAuthenticator
from .authenticator import Authenticator, AuthenticatorChain, Cookie, Identity
from .header import HeaderAuthenticator
from .principal import Principal

__all__ = [
    "AnonymousAuthenticator",
    "Authenticator",
    "AuthenticatorChain",
    "Cookie",
    "HeaderAuthenticator",
    "Identity",
    "Principal",
]
