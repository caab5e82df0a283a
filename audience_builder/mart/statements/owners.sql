-- Whose bookings these are and were: one that moves to another user changes both.
SELECT DISTINCT user_no FROM booking WHERE booking_id IN (SELECT booking_id FROM incoming)
