import os

from sqlalchemy import URL, create_engine

from alembic import context

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    url = URL.create(
        "postgresql+psycopg",
        os.environ["JAM_USER"],
        os.environ["JAM_PASSWORD"],
        os.environ["JAM_HOST"],
        int(os.environ["JAM_PORT"]),
        os.environ["JAM_NAME"],
    )
    with create_engine(url).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
