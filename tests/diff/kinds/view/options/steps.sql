ALTER VIEW first RESET (security_barrier);
ALTER VIEW first SET (check_option=cascaded);
