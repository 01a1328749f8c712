"""Pages for people: HTML whose browser runs and loads nothing but what the page names."""

import base64
from hashlib import sha256

from starlette.responses import HTMLResponse

PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers without `frame-ancestors`
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def page(html: str, *, style: str) -> HTMLResponse:
    """A page without scripts, whose one `<style>` holds exactly `style`."""
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(html, headers={**PAGE_HEADERS, "Content-Security-Policy": policy})
