"""Commands of `scrapy`, entered in pyproject.toml as entry points."""
