"""Audience Builder: describe travellers by 32 filters and know exactly how many they are, while you type."""
