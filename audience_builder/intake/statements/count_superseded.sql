SELECT (SELECT COUNT(*) FROM stage.checked WHERE problem IS NULL) - (SELECT COUNT(*) FROM stage.line)
