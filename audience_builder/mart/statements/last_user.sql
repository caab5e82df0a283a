-- The highest number of a user with any fact; NULL where there is none.
SELECT GREATEST((SELECT MAX(user_no) FROM behavior_daily), (SELECT MAX(user_no) FROM booking))
