"""The suite that every cache holds."""
