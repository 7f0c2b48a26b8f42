"""reconciliation  what the Reconciliation Service API asks, in both its versions → what a release answers."""
