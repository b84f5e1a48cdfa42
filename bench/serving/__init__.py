"""What benchmarks share: a served bundle, a constant application, a browser."""
