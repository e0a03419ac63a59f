"""A Stripe in test mode on loopback: customers, payment intents, errors on demand."""
