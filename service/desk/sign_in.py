"""`/desk/session`: signing in to the desk and out of it."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Request, Response
from pydantic import BaseModel, Field

from pipeline.requests import Strict
from service.desk.sessions import COOKIE, Sessions
from service.errors import NotFound, Unauthorized
from service.jobs.keys import ANYONE, Client
from service.jobs.scopes import Scope

Token = Annotated[str, Cookie(alias=COOKIE)]


class SignIn(Strict):
    """The key of whoever signs in."""

    key: str = Field(max_length=200)


class SignedIn(BaseModel):
    """Who uses the desk, and what they may do."""

    keys_required: bool
    client: str | None = Field(description="The key's client; null until somebody signs in.")
    scopes: list[Scope]


def create_router(sessions: Sessions | None) -> APIRouter:
    """Return the routes; without `sessions` the front requires no keys, and nobody signs in."""
    router = APIRouter(include_in_schema=False)

    @router.get("/desk/session")
    def read(token: Token = "") -> SignedIn:
        """Who is signed in."""
        if sessions is None:
            return _signed_in(ANYONE, keys_required=False)
        try:
            return _signed_in(sessions.client(token), keys_required=True)
        except Unauthorized:
            return SignedIn(keys_required=True, client=None, scopes=[])

    @router.post("/desk/session")
    def sign_in(body: SignIn, request: Request, response: Response) -> SignedIn:
        """Sign in with a key: the answer sets the cookie."""
        if sessions is None:
            raise NotFound("This front requires no keys: there is nothing to sign in to.")
        token = sessions.open(body.key.strip())
        response.set_cookie(
            COOKIE,
            token,
            max_age=sessions.seconds,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return _signed_in(sessions.client(token), keys_required=True)

    @router.delete("/desk/session", status_code=204)
    def sign_out(response: Response, token: Token = "") -> None:
        """End the session; its token is worth nothing from now on."""
        if sessions is not None:
            sessions.close(token)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    return router


def _signed_in(client: Client, *, keys_required: bool) -> SignedIn:
    scopes = [scope for scope in Scope if client.may(scope)]
    return SignedIn(keys_required=keys_required, client=client.name, scopes=scopes)
