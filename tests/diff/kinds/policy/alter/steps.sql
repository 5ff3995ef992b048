ALTER POLICY own ON users TO confiture_reader USING (id = 2);
