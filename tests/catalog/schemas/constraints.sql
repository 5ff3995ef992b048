CREATE EXTENSION btree_gist;
CREATE TABLE teams (id integer PRIMARY KEY WITH (fillfactor = 80), code text NOT NULL,
    CONSTRAINT teams_code UNIQUE (code) INCLUDE (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE players (
    id integer,
    team_id integer REFERENCES teams ON DELETE SET NULL,
    captain_id integer,
    age integer CHECK (age > 0),
    during daterange,
    PRIMARY KEY (id),
    CONSTRAINT "not both" CHECK (id <> captain_id) NO INHERIT,
    EXCLUDE USING gist (team_id WITH =, during WITH &&) WHERE (age > 3)
);
ALTER TABLE players ADD FOREIGN KEY (captain_id) REFERENCES players (id) NOT VALID;
ALTER TABLE players ADD CONSTRAINT later CHECK (age < 200) NOT VALID;
COMMENT ON CONSTRAINT later ON players IS 'to be validated';
COMMENT ON INDEX players_pkey IS 'behind the key';
