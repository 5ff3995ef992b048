CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'cancelled');

CREATE DOMAIN money_cents AS BIGINT CHECK (VALUE >= 0);
