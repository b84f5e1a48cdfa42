"""The shapes of requests and answers, checked on the way in and published as OpenAPI; a module per room."""
