"""Questions about code and their answers, streamed."""
