CREATE TABLE stage.rate (since DATE, until DATE, factor DECIMAL(16, 8))
