UPDATE users SET "first" = new_first, "second" = new_second, "third" = new_third
FROM changed
WHERE user_no = changed_user_no
