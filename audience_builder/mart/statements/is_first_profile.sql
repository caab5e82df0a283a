-- Whether all that arrived is of users numbered after everybody who has a profile.
SELECT COALESCE((SELECT MIN(user_no) FROM arrived_profile) > (SELECT MAX(user_no) FROM user_profile), TRUE)
