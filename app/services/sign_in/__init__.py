"""Signing in at a door's account server, and staying signed in, for one company.

The browser (embedded or the system's) is the views' business: it opens `SignInRequest.url` and hands
back the address it was sent to.
"""

from __future__ import annotations

from app.services.connectors.oidc import SignInRequest, parse_returned
from app.services.sign_in.listener import LoopbackListener
from app.services.sign_in.session import AccountStore, SignedIn, SignIn, SignInState

__all__ = [
    "AccountStore",
    "LoopbackListener",
    "SignIn",
    "SignInRequest",
    "SignInState",
    "SignedIn",
    "parse_returned",
]
