CREATE TYPE mood AS ENUM ('angry', 'bored', 'sad', 'ok', 'fine', 'happy', 'it''s great', 'wow');
