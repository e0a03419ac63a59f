"""What went out: announced where people follow it, and the customers who waited for it answered."""
