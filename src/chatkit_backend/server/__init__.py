"""The ChatKit operations over a `ChatKitServer` and a store."""
