"""`GET /` and `GET /chat`: a page to chat with, for browsers; what the service is, for others."""

import html
from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from .accept import Accepted
from .assets import Assets
from .health import ServiceInfo
from .page import PAGE_HEADERS
from .route import BackendRoute

CDN = "https://cdn.platform.openai.com"
CDN_ELEMENT = f"{CDN}/deployments/chatkit/chatkit.js"

OWN_POLICY = (
    "default-src 'self'; img-src {images}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
IMAGES = ("'self'", "data:", "blob:")
CDN_POLICY = (
    f"default-src 'self'; script-src 'self' {CDN}; frame-src {CDN}; "
    f"connect-src 'self' https://*.openai.com; img-src 'self' data: blob: {CDN}; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""With the official element, which is not ours to know: what its documentation says it needs."""

HEADERS = {**PAGE_HEADERS, "X-Frame-Options": "SAMEORIGIN", "Permissions-Policy": "camera=()"}

NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>
<p>The server runs, without its web UI: install Node.js 20 or newer and start it with
<code>make run</code>, or install a released wheel, which contains the UI.</p>
</body></html>
"""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>{title}</title><link rel="icon" href="data:,">
{styles}{scripts}</head><body>
<main>
<openai-chatkit data-url="chatkit" data-domain-key="{domain_key}"></openai-chatkit>
</main>
<noscript>This page needs JavaScript.</noscript>
</body></html>
"""


def page_routes(
    info: ServiceInfo,
    assets: Assets | None,
    *,
    domain_key: str | None,
    image_origins: Sequence[str],
) -> APIRouter:
    """The page, with our element, or with OpenAI's if there is a domain key for it.

    `image_origins` are those whose images our element may load besides its own.
    """
    router = APIRouter(route_class=BackendRoute, tags=["health"])
    shown = _page(info.name, assets, domain_key)
    own_policy = OWN_POLICY.format(images=" ".join((*IMAGES, *image_origins)))
    policy = own_policy if domain_key is None else CDN_POLICY
    headers = {**HEADERS, "Content-Security-Policy": policy, "Vary": "Accept"}

    @router.get("/", operation_id="info", response_model=ServiceInfo)
    async def service(request: Request) -> Response:
        """What this service is and where its endpoints are; for a browser, a page to chat with."""
        accepted = Accepted.of(request)
        if accepted.liking("text/html") > accepted.liking("application/json"):
            return HTMLResponse(shown, headers=headers)
        answer = info.model_dump_json()
        return Response(answer, media_type="application/json", headers={"Vary": "Accept"})

    @router.get("/chat", include_in_schema=False)
    async def chat() -> Response:
        """The page to chat with."""
        return HTMLResponse(shown, headers=headers)

    return router


def _page(title: str, assets: Assets | None, domain_key: str | None) -> str:
    if assets is None:
        return NOT_BUILT.format(title=html.escape(title))
    scripts = [f"ui/{assets.page}"]
    tags = [f'<script type="module" src="{source}"></script>\n' for source in scripts]
    if domain_key is not None:
        tags.insert(0, f'<script async src="{CDN_ELEMENT}"></script>\n')
    return PAGE.format(
        title=html.escape(title),
        domain_key=html.escape(domain_key or ""),
        styles="".join(
            f'<link rel="stylesheet" href="ui/{name}">\n' for name in assets.page_styles
        ),
        scripts="".join(tags),
    )
