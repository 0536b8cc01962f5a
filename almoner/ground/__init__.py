"""What every duty stands on: time, money, events, outbox, jobs, live updates, the page shell."""
