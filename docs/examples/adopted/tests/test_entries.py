"""Entries belong to their feed."""


def test_entries_go_with_their_feed(confiture_db):
    confiture_db.execute("INSERT INTO feeds (url) VALUES ('https://example.com/feed')")
    confiture_db.execute("INSERT INTO entries (feed_id, title) SELECT id, 'news' FROM feeds")

    confiture_db.execute("DELETE FROM feeds")

    assert confiture_db.execute("SELECT count(*) FROM entries").fetchone() == (0,)


def test_a_new_entry_is_unread(confiture_db):
    confiture_db.execute("INSERT INTO feeds (url) VALUES ('https://example.com/feed')")
    confiture_db.execute("INSERT INTO entries (feed_id, title) SELECT id, 'news' FROM feeds")

    assert confiture_db.execute("SELECT is_read FROM entries").fetchone() == (False,)
