"""Pages of the schedule: booking, the boards, one visit."""
