"""The backend inside a FastAPI application that you already have: `uvicorn embedded:app`."""

from fastapi import FastAPI

from chatkit_backend import create_router
from my_assistant import agent

app = FastAPI()
app.include_router(create_router(agent=agent), prefix="/assistant")


@app.get("/")
def home() -> dict[str, str]:
    return {"chat": "/assistant/chatkit"}
