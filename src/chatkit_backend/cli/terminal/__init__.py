"""The terminal chat.

- `commands`: what a line means
- `conversation`: the thread that is open, and what the commands do
- `screen`: what is shown, and how
- `cookies`: who the server takes us for
"""
