"""The batched planar engine: many copies of a world in the horizontal plane, stepped together."""
