-- An end only ever moves back: the next version begins earlier than was thought.
UPDATE user_profile AS version SET valid_to = chain.next_from
FROM (
  SELECT
    user_no, valid_from, valid_to,
    LEAD(valid_from) OVER (PARTITION BY user_no ORDER BY valid_from) AS next_from
  FROM user_profile
  WHERE user_no IN (SELECT user_no FROM arrived_profile)
) AS chain
WHERE version.user_no = chain.user_no
  AND version.valid_from = chain.valid_from
  AND chain.next_from IS NOT NULL
  AND (chain.valid_to IS NULL OR chain.valid_to > chain.next_from)
