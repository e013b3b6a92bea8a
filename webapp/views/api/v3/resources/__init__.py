"""What the API says and hears, in its own words: camelCase lives here, and only here."""
