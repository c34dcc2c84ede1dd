"""The verbs, a module per family; each takes the call and gives the answer."""
