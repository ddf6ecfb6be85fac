"""Jobs: their records in Redis, leases, admission, quotas and events."""
