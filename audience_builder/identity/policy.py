"""How long and from where somebody is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits of sessions and tokens, and the networks files may be fetched from (none = from everywhere)."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    fresh: timedelta = timedelta(minutes=5)
    longest_token: timedelta = timedelta(days=365)
    inside: tuple[IPv4Network | IPv6Network, ...] = ()
    is_demo: bool = False

    def is_inside(self, address: str) -> bool:
        """Whether that address lies in a network of the house. One that cannot be read lies in none."""
        if not self.inside:
            return True
        try:
            asked = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(asked, "ipv4_mapped", None)
        return any((mapped or asked) in network for network in self.inside)
