-- A hash of the id of every booking row, and the row's number.
SELECT hash(booking_id) AS hash, rowid AS number FROM booking
