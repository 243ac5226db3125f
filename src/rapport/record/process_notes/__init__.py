"""Process notes: an author's own thoughts, in a store and under a key of their own."""
