"""Firearms tracing: from a seizure to the route and the network, between sovereign states."""
