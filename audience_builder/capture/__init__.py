"""Operational databases into the stream: each committed row once or more, in the order of its key."""
