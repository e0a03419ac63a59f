"""Stripe in test mode: a payment by a new customer, with nothing left behind."""
