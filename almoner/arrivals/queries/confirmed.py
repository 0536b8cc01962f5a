"""By what a patient who is here, or was today, is known."""

# What was compared at check-in stands for a day, for whoever works on that visit.
CONFIRMED = """
    SELECT confirmed_by FROM arrivals_encounter
     WHERE patient_id = %(patient)s AND cardinality(confirmed_by) > 0
       AND arrived_at > %(at)s::timestamptz - interval '24 hours' AND arrived_at <= %(at)s
     ORDER BY arrived_at DESC LIMIT 1
"""
