"""A language model as a second reader: it points at words, and what they mean is worked out and checked here."""
