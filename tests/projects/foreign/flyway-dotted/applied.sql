CREATE TABLE flyway_schema_history (
    installed_rank int NOT NULL PRIMARY KEY,
    version varchar(50),
    description varchar(200) NOT NULL,
    type varchar(20) NOT NULL,
    script varchar(1000) NOT NULL,
    checksum int,
    installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(),
    execution_time int NOT NULL,
    success boolean NOT NULL
);
INSERT INTO flyway_schema_history VALUES
    (1, '1', 'create jars', 'SQL', 'V1__create_jars.sql', 1, 'me', now(), 1, true),
    (2, '1.1', 'add label', 'SQL', 'V1.1__add_label.sql', 1, 'me', now(), 1, true);
