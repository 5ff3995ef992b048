ALTER TYPE mood ADD VALUE 'sad';
ALTER TYPE mood ADD VALUE 'happy';
