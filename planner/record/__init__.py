"""What happened, frozen: trials, decisions, jobs, results, events. No database behind it."""
