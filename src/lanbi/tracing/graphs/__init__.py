"""The network around a seizure as a graph, a timeline and a map, with the evidence of each edge."""
