"""What a visit showed, put into the archive: articles, versions, files, counters, problems."""
