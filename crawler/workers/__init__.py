"""Worker processes that read what anybody may have made, within limits of time and memory."""
