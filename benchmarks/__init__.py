"""What `make bench` runs: this server beside a reference, in one run on one machine.

- `streams`, `messages`, `tokens`, `thread_length`, `start_up`, `web_ui`: one benchmark each
- `result`: a row, and the table of all
- `server_process`: a server under test
- `load`: users who send one message after the other; `held`: chats that are open all at once
- `model_server`, `reference_server`: what runs beside the server under test
"""
