"""The backend mounted as an application of its own: `uvicorn mounted:app`."""

from fastapi import FastAPI

from chatkit_backend import create_app
from my_assistant import agent

assistant = create_app(agent=agent)

app = FastAPI(lifespan=assistant.state.backend.lifespan)
app.mount("/assistant", assistant)
