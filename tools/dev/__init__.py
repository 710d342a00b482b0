"""What the scripts in `tools/` share: private services, running, testing and linting."""
