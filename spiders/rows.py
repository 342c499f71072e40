"""Every portal of `portals.csv`: what is known of it fits in a row."""

from pathlib import Path

from crawler.portal_table import read_table

found, broken = read_table(Path(__file__).with_name("portals.csv"), __name__)
globals().update({spider.__name__: spider for spider in found.values()})
