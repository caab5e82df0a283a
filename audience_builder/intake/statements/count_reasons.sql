SELECT problem, COUNT(*) FROM stage.checked WHERE problem IS NOT NULL GROUP BY problem ORDER BY problem
