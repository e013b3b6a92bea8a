"""Version 3, the contract existing clients hold: a module per noun, camelCase in `resources` only."""
