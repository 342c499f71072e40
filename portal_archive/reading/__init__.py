"""Reading pages: bytes in, record out. Pure: no Scrapy, no network, no database, no clock."""
