ALTER TEXT SEARCH DICTIONARY words (stopwords, accept = 'false');
