-- The ids of the booking rows of these $numbers.
SELECT rowid AS number, booking_id
FROM booking
WHERE rowid IN (SELECT unnest($numbers))
