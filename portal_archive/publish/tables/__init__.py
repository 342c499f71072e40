"""What changes Datasette's own pages of tables: their search box, paging and columns."""
