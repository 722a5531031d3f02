"""The fact graph: records, states, derivations, explanations and gaps."""
