ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad';
ALTER TYPE mood ADD VALUE 'bored' AFTER 'angry';
ALTER TYPE mood ADD VALUE 'ok' AFTER 'sad';
ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
ALTER TYPE mood ADD VALUE 'it''s great';
ALTER TYPE mood ADD VALUE 'wow';
