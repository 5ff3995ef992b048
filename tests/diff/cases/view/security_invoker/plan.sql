-- judged on PostgreSQL 15, of e8a92224d4775c55
-- up
ALTER VIEW v SET (security_invoker=true);
ALTER VIEW w RESET (security_invoker, security_barrier);
ALTER VIEW w SET (check_option=cascaded);
-- down
ALTER VIEW v RESET (security_invoker);
ALTER VIEW w RESET (check_option);
ALTER VIEW w SET (security_invoker=true, security_barrier=true);
