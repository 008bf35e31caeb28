"""The business: domain, use cases, adapters and REST."""
