"""``python -m teneleven``."""

from teneleven import main

main()
