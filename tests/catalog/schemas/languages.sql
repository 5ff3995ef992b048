CREATE FUNCTION mine_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION mine_inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION mine_validator(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE mine HANDLER mine_handler INLINE mine_inline VALIDATOR mine_validator;
CREATE FUNCTION one() RETURNS integer LANGUAGE mine AS 'BEGIN RETURN 1; END';
COMMENT ON LANGUAGE mine IS 'PL/pgSQL by another name';
REVOKE USAGE ON LANGUAGE mine FROM public;
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE elsewhere (id integer) USING heap_too;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal),
    TO SQL WITH FUNCTION int4recv(internal));
COMMENT ON ACCESS METHOD heap_too IS 'heap by another name';
