"""Questions of many claims at once: episodes, patterns of coding, what payers tell apart."""
