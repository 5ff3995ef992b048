-- judged on PostgreSQL 15, of bd89b11cead315ea
-- up
ALTER VIEW u RESET (security_barrier);
ALTER VIEW v SET (security_barrier=true, check_option=local);
-- down
ALTER VIEW u SET (security_barrier=true);
ALTER VIEW v RESET (security_barrier, check_option);
