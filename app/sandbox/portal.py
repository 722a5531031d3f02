"""The practice grants portal: pages of a wizard, drafts, filing. What of it is invented: PAGES.md there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from app.sandbox import portal_pages
from app.sandbox.portal_api import PortalApi
from app.sandbox.portal_book import PortalApplication, PortalBook, PortalSession
from app.sandbox.portal_forms import Form
from app.sandbox.portal_sign_in import PortalSignIn, same_token

Guarded = Callable[[Request, PortalSession], Awaitable[Response]]


class Portal:
    """Everything under the portal's origin."""

    def __init__(
        self,
        book: PortalBook,
        forms: dict[str, list[Form]],
        sign_in: PortalSignIn,
        assets: Path,
        stranger: Callable[[str], str],
    ) -> None:
        """`stranger` gives the origin of a foreign site for a scheme, for the attacks that need one."""
        self._book = book
        self._forms = forms
        self._sign_in = sign_in
        self._assets = {path.name: path for path in assets.iterdir()}
        self._stranger = stranger
        self._api = PortalApi(book, forms, sign_in, stranger)

    def routes(self) -> list[Route]:
        """Pages, sign-in, the calls of the page's scripts, assets."""
        return [
            Route("/", self.front, methods=["GET"]),
            Route("/expired", self.expired, methods=["GET"]),
            Route("/mypage", self._guarded(self.my_page), methods=["GET"]),
            Route("/subsidy/{id}", self.subsidy, methods=["GET"]),
            Route("/apply", self._guarded(self.begin), methods=["POST"]),
            Route("/apply/{id}", self._guarded(self.resume), methods=["GET"]),
            Route("/apply/{id}/{page}", self._guarded(self.step), methods=["GET"]),
            Route("/assets/{name}", self.asset, methods=["GET"]),
            *self._sign_in.routes(),
            *self._api.routes(),
        ]

    def _guarded(self, call: Guarded) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(web: Request) -> Response:
            _, session = self._sign_in.session(web)
            if session is None:
                return RedirectResponse("/expired", 302, {"Cache-Control": "no-store"})
            session.moved = self._book.clock.seconds()
            return await call(web, session)

        return endpoint

    async def front(self, web: Request) -> Response:
        """GET /."""
        _, session = self._sign_in.session(web)
        if session is not None:
            return RedirectResponse("/mypage", 302, {"Cache-Control": "no-store"})
        return portal_pages.front(self._sign_in.form_target(web))

    async def expired(self, web: Request) -> Response:
        """GET /expired."""
        return portal_pages.expired(self._sign_in.form_target(web))

    async def asset(self, web: Request) -> Response:
        """GET /assets/{name}: the portal's own scripts and styles."""
        path = self._assets.get(web.path_params["name"])
        if path is None:
            return Response(status_code=404)
        kind = "text/javascript" if path.suffix == ".js" else "text/css"
        keep = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=kind, headers=keep)

    async def my_page(self, web: Request, session: PortalSession) -> Response:
        """GET /mypage."""
        del web
        forms = [self._current(key) for key in self._forms]
        mine = self._book.of(session.account)
        return portal_pages.my_page(session, forms, mine, self._book.today())

    async def subsidy(self, web: Request) -> Response:
        """GET /subsidy/{id}: anybody may read it; applying wants a session."""
        _, session = self._sign_in.session(web)
        if session is not None:
            session.moved = self._book.clock.seconds()
        wanted = web.path_params["id"]
        form = next((item for item in map(self._current, self._forms) if item.id == wanted), None)
        if form is None:
            return portal_pages.no_subsidy(session)
        return portal_pages.subsidy(session, form, self._sign_in.form_target(web))

    async def begin(self, web: Request, session: PortalSession) -> Response:
        """POST /apply {csrf, form}: a new draft."""
        given = await web.form()
        if not same_token(session, str(given.get("csrf", ""))):
            return portal_pages.refused("画面を読み直して、もう一度お試しください。", "", 403)
        key = str(given.get("form", ""))
        if key not in self._forms:
            return self._nothing(session)
        form, own = self._current(key), portal_pages.prefill(session)
        if not form.opens <= self._book.today() <= form.closes:
            return portal_pages.refused("募集期間ではありません。", "", 409)
        prefilled = {
            item.name: own[item.prefill]
            for page in form.pages
            for item in page.fields()
            if item.prefill
        }
        made = self._book.draft(session, key, form.edition, prefilled)
        return RedirectResponse(f"/apply/{made.id}/{form.pages[0].key}", 303)

    async def resume(self, web: Request, session: PortalSession) -> Response:
        """GET /apply/{id}: the first page of a draft, or what was filed."""
        found = self._found(web, session)
        if found is None:
            return self._nothing(session)
        application, form = found
        if application.open and application.edition == self._edition(application.form):
            return RedirectResponse(f"/apply/{application.id}/{form.pages[0].key}", 302)
        return self._shown(session, application, form)

    async def step(self, web: Request, session: PortalSession) -> Response:
        """GET /apply/{id}/{page}: a page of the form, 'confirm' or 'receipt'."""
        found = self._found(web, session)
        key = web.path_params["page"]
        if found is None:
            return self._nothing(session)
        application, form = found
        if key == "receipt" and application.number:
            return portal_pages.receipt(session, application)
        if not application.open or application.edition != self._edition(application.form):
            return self._shown(session, application, form)
        if key != "confirm" and form.page(key) is None:
            return self._nothing(session)
        stranger = self._stranger(web.url.scheme)
        first = key == form.pages[0].key
        if first and "lookalike" in self._book.switches.attacks:
            return RedirectResponse(f"{stranger}/apply/{application.id}/{key}", 302)
        framed = first and "frame" in self._book.switches.attacks
        frames = stranger if framed else "'none'"
        return portal_pages.wizard(session, form, application, key, frames)

    def _shown(
        self, session: PortalSession, application: PortalApplication, form: Form
    ) -> Response:
        if application.open:
            return portal_pages.old_edition(session, form, application)
        return portal_pages.view(session, form, application)

    def _nothing(self, session: PortalSession) -> Response:
        return portal_pages.page("ページが見つかりません", "", session, status=404)

    def _found(self, web: Request, session: PortalSession) -> tuple[PortalApplication, Form] | None:
        application = self._book.applications.get(web.path_params["id"])
        if application is None or application.account != session.account:
            return None
        return application, self._forms[application.form][application.edition - 1]

    def _edition(self, key: str) -> int:
        return self._book.switches.editions.get(key, 1)

    def _current(self, key: str) -> Form:
        return self._forms[key][self._edition(key) - 1]
