"""What the small REST stand-ins share: requests and answers, serving, control, signed deliveries."""
