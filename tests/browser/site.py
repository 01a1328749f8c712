"""A site of somebody else: one page, on an origin of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Site:
    """Answers every request with its page."""

    url: str
    page: str = ""


@contextmanager
def site() -> Iterator[Site]:
    """A site, until the block ends."""
    found = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = found.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def page_with(element: str, script: str) -> str:
    """A page with the element of the server at `element`; the script finds it as `chat`."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Theirs</title><link rel="icon" href="data:,">
<style>openai-chatkit {{ display: block; height: 40rem }}</style>
<script type="module" src="{element}/chatkit.js"></script></head>
<body><openai-chatkit></openai-chatkit>
<script type="module">
const chat = document.querySelector("openai-chatkit");
await customElements.whenDefined("openai-chatkit");
{script}
</script></body></html>"""
