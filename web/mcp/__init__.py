"""The Model Context Protocol server: what an AI agent asks, so that it states no code that was not found."""
