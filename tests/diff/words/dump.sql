SELECT pg_catalog.set_config('search_path', '', false);
SET default_tablespace = '';
CREATE TABLE public.users (
    id integer NOT NULL,
    email text DEFAULT 'a'::text
);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX users_email ON public.users USING btree (email);
CREATE VIEW public.mails AS
 SELECT users.email
   FROM public.users;
