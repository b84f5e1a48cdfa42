"""Between the network and the application: bodies with bounds, threads, the pool for long requests."""
