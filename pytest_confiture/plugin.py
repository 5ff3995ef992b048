"""The hooks pytest loads."""
