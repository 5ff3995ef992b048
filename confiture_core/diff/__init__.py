"""From two catalogs to the operations, ordered in a plan, that lead from one to the other."""
