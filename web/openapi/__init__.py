"""The OpenAPI document, completed: what a program needs to be made from it."""
