ALTER TABLE users UPDATE
    first = joinGet(changed, 'new_first', user_no),
    second = joinGet(changed, 'new_second', user_no),
    third = joinGet(changed, 'new_third', user_no)
WHERE user_no IN (SELECT changed_user_no FROM changed)
