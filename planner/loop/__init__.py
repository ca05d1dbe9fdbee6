"""One turn: collect, learn, propose, review, dispatch."""
