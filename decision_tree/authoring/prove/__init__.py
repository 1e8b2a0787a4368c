"""What is true of the whole knowledge: the compiled graph, its proofs, and the mutants they must kill."""
