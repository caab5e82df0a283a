"""Sentence in, rule out: what a marketer writes, understood word by word, and what is not understood said so."""
