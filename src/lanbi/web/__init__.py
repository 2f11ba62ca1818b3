"""The web: HTTP, sign-in, and the live picture over WebSocket."""
