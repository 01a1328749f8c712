"""Identity: who is asking, how we know, and how often they may.

- `principal`: the person that every row belongs to; `session`: a short permission for one
- `authenticator`: the seam, and the chain of those in use
- `anonymous`, `header`, `bearer`, `cookie`, `sessions`, `function`: ways of knowing
- `token_rules`, `shared_secret`, `public_keys`, `key_set`, `claims`: JSON Web Tokens
- `secret_key`, `secrets`: what signs cookies; what we hand out
- `api_keys`: a tenant's own servers
- `cross_site`, `address`: on whose behalf, and from where
- `limits`: how often
- `access`: all of it, made from the settings
"""

from .access import Access
from .anonymous import AnonymousAuthenticator
from .authenticator import Authenticator, AuthenticatorChain, Cookie, Identity
from .function import Authenticate
from .header import HeaderAuthenticator
from .principal import Principal
from .session import Session

__all__ = [
    "Access",
    "AnonymousAuthenticator",
    "Authenticate",
    "Authenticator",
    "AuthenticatorChain",
    "Cookie",
    "HeaderAuthenticator",
    "Identity",
    "Principal",
    "Session",
]
