"""Classes on the tables that db/schema makes."""

from __future__ import annotations

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list[Book]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    title: Mapped[str]
    published: Mapped[int]
    author: Mapped[Author] = relationship(back_populates="books")


def titles(session: Session, author: str) -> list[str]:
    query = select(Book.title).join(Book.author).where(Author.name == author)
    return list(session.scalars(query.order_by(Book.published)))
