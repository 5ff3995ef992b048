-- judged on PostgreSQL 15
-- up
ALTER EVENT TRIGGER e OWNER TO confiture_test_super;
-- down
ALTER EVENT TRIGGER e OWNER TO CURRENT_USER;
