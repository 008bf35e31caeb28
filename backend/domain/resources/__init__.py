"""What bookings need of others: hotels' rooms by night, guides and vehicles by day, and how they are chosen."""
