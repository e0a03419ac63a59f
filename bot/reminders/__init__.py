"""What nobody does: the owner, or the team, is reminded of it. Owners are asked whether they are still on it."""
