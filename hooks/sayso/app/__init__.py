"""The use cases: each module does one thing a user asks for, with the pure modules and the adapters."""
