"""A make-believe Yeogi Eottae from a seed: travellers, what they do and book, all consistent with one another."""

from audience_builder.sample.blocks import SampleSpec
from audience_builder.sample.density import Density
from audience_builder.sample.generate import Generated, generate

__all__ = ["Density", "Generated", "SampleSpec", "generate"]
