"""Settings of the Scrapy project. Any of them can be set for one run with `-s NAME=VALUE`."""

from importlib.metadata import version

from crawler import config

BOT_NAME = "portal-archive"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
# A portal's file that cannot be read costs that portal and no other.
SPIDER_LOADER_CLASS = "crawler.registry.SpiderLoader"

# --- what the archive is and where it lies -------------------------------------------------------------

# Relative paths are relative to the folder a command is run in: the one with scrapy.cfg.
ARCHIVE_DB = "archive.db"
# None: a folder `captures` beside the archive.
CAPTURES_DIR: str | None = None

# Images and attachments of articles are fetched once and kept among the captures.
FETCH_FILES = True
FILE_MAXSIZE = 64 * 1024 * 1024

# `scrapy crawl-all` takes up a portal when something of it is due, at the latest this long after its last finished
# crawl began. A portal's file may say otherwise in its `custom_settings`.
CRAWL_INTERVAL_HOURS = 6
# How long crawls that were told to stop may take to store what is in flight; more than the longest download.
STOP_SECONDS = 120
# A crawl that has not even looked for so many seconds whether there is anything to do is ended from outside its loop.
STANDSTILL_SECONDS = 120
# What reading one response may cost: seconds of processor and of the clock, bytes of memory. One that wants more is
# a problem of its page (reader-too-slow, reader-too-large) and stops nothing else.
READER_CPU_SECONDS = 20
READER_SECONDS = 90
READER_MEMORY = 768 * 1024 * 1024
# Addresses at which to find portals instead of their own: {"laichau": "http://127.0.0.1:8000/"} crawls a copy.
PORTAL_HOMES: dict[str, str] = {}

# --- how a portal is asked -----------------------------------------------------------------------------

# Who asks, and where its operators can be reached: set CONTACT to a mail address or a page of your own.
CONTACT = ""
USER_AGENT = f"{BOT_NAME}/{version(BOT_NAME)} (archive of public party and state portals)"

ROBOTSTXT_OBEY = True
ROBOTSTXT_PARSER = "crawler.network.robots.Robots"

# One request at a time and never two in the same second: these portals run on small machines, and NukeViet's
# flood blocker locks out whoever asks 40 times a minute for long.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0

# A portal that asks us to come back later (429, 503, a flood page) is waited for, this long unless it says
# how long, and so many times in a row; then, or where it says more than the limit, its crawl ends.
PAUSE_SECONDS = 60
PAUSE_MAX_SECONDS = 900
PAUSE_TIMES = 3

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
}
# NukeViet counts a visit per cookie: without cookies every page we read would raise the portal's counter.
COOKIES_ENABLED = True

DOWNLOAD_VERIFY_CERTIFICATES = True
# Set by a portal's file (`tls_seclevel_1 = True`): weak keys and digests of an old server are accepted.
TLS_SECLEVEL_1 = False
# Seconds for one response to its last byte, however steadily it trickles; large files get more.
DOWNLOAD_TIMEOUT = 60
FILE_TIMEOUT = 600
# Also the limit of what a compressed body may unpack to.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0

RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
REDIRECT_MAX_TIMES = 10
# A page that jumps away after some seconds is an answer (NukeViet's 404 does it), not a redirect.
METAREFRESH_ENABLED = False
# 404 and 500 are answers too: the archive keeps them.
HTTPERROR_ALLOW_ALL = True
URLLENGTH_LIMIT = 2083

# --- how it is put together ----------------------------------------------------------------------------

SCHEDULER = "crawler.scheduler.FrontierScheduler"
# Of what a portal sends, nothing is asked for but web pages of public addresses: see crawler/network/guards.py.
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.headers.BoundedHeaders",
    "https": "crawler.network.tls.ExplainsTls",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.network.guards.PublicResolver"
DOWNLOADER_MIDDLEWARES = {
    "crawler.network.traps.LeaveTraps": 50,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # PortalRedirects stays on the portal
    "crawler.network.robots.RobotsProblems": 540,  # hears of what is left when the retries are used up
    "crawler.network.guards.PublicOnly": 560,  # between the retries and the network, so that nothing is tried again
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.network.redirects.PortalRedirects": 600,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.network.headers.BoundedCookies": 700,
    "crawler.network.capture.CaptureResponses": 990,  # next to the network: sees bodies as they were sent
}
ITEM_PIPELINES = {"crawler.pipeline.StoreVisits": 100}
EXTENSIONS = {
    "crawler.session.Session": 0,
    "crawler.summary.Summary": 100,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
}
# A console and a control port that run whatever they are told have no place beside an archive.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPCACHE_ENABLED = False

LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
LOGSTATS_INTERVAL = 0

# Names of portals for `crawl-all`; empty: those of the Party.
PORTALS: list[str] = []
# What `scrapy watch` looks for; where there is no such file, for nothing.
WATCHES_DEFAULT = WATCHES = "watches.toml"
SERVE_HOST = "127.0.0.1"
SERVE_PORT = 8001
# A file beside the package's own description of tables: rights of visitors, a title of one's own.
SERVE_METADATA = ""

# What an installation sets for itself: see crawler/config.py.
try:
    globals().update(config.settings())
except config.ConfigError as error:
    raise SystemExit(f"portal-archive: {error}") from error
