"""Processes that are killed again and again where a name says or at any moment, and what must be true of what they leave behind."""
