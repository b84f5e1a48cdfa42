"""Requests that may take long are answered by processes of their own: bounded, with a queue, and cancelled
when the client leaves.

A view says so by :func:`web.heavy.marking.heavy`; that is all it does. The gateway sends such a request to
:class:`web.heavy.pool.HeavyPool`, whose template process (:mod:`web.heavy.template`) has the bundle open and
forks for each request: the fork answers with the same view, and its memory goes with it.
"""
