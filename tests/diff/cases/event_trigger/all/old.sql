CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
