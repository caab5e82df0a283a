"""Changes and events as one append-only log: what is in it is durable, in order, and read as often as anybody likes."""
