"""HTTP: routes, framing, errors.

- `chatkit`, `conversation`, `health`, `debug`: the routes
- `route`: what every route does: request id, envelope, cookie, log line
- `body`, `chatkit_request`: reading and checking a request
- `callers`: who asks
- `event_stream`, `framing`, `encoding`: following a run on the wire
- `envelope`, `request_id`, `openapi`: errors, ids, description
"""
