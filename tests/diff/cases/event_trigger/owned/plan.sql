-- judged on PostgreSQL 15, of ad3b028d15d5ae74
-- up
ALTER EVENT TRIGGER e OWNER TO confiture_test_super;
-- down
ALTER EVENT TRIGGER e OWNER TO CURRENT_USER;
