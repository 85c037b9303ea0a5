"""The local cloud: serves the functions of template.yaml on this machine. Never deployed."""
