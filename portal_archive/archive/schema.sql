-- The archive as it is today, whole. An older one is brought to this by `migrations.py`, where it says how to change
-- this file. Moments are text in UTC ("2026-11-22T05:31:28Z"), printed dates with +07:00; JSON is UTF-8 text.

CREATE TABLE provinces (
    id TEXT PRIMARY KEY,              -- slug until 30 June 2025 ("lao-cai"), slug + "-2025" since ("lao-cai-2025")
    slug TEXT NOT NULL,
    name TEXT NOT NULL,               -- "Lào Cai"
    unit TEXT NOT NULL,               -- "tỉnh" or "thành phố"
    valid_from TEXT,
    valid_to TEXT,                    -- NULL: still exists
    successor TEXT REFERENCES provinces(id),   -- of the 63: the one of the 34 it became or joined
    seat TEXT,
    source TEXT                       -- the resolution of the National Assembly that the date comes from
);

CREATE TABLE portals (
    name TEXT PRIMARY KEY,            -- the spider's name; the host for a portal that has no file
    title TEXT NOT NULL,
    province TEXT REFERENCES provinces(id),
    body TEXT,                        -- "tỉnh ủy", "huyện ủy", "ban dân vận", "ủy ban nhân dân" ...
    home_url TEXT NOT NULL,
    host TEXT NOT NULL,
    family TEXT NOT NULL,             -- CMS family
    known TEXT NOT NULL,              -- "read from real pages", "described" or "generic"
    note TEXT,
    exceptions TEXT                   -- what is not as it should be and is allowed: "TLS SECLEVEL=1"
);

-- Portals that are declared, crawled or not: what the archive could have. Written anew by `crawl-all` and `init`.
CREATE TABLE declared_portals (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    province TEXT REFERENCES provinces(id),
    body TEXT,
    home_url TEXT NOT NULL,
    family TEXT NOT NULL,
    known TEXT NOT NULL,
    note TEXT
);

CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    started_at TEXT NOT NULL,
    last_active_at TEXT NOT NULL,
    finished_at TEXT,                 -- NULL: running, or killed and to be resumed
    outcome TEXT,                     -- "finished", "closed" (limit, signal), "interrupted" ...
    pages INTEGER NOT NULL DEFAULT 0,
    new_articles INTEGER NOT NULL DEFAULT 0,
    changed_articles INTEGER NOT NULL DEFAULT 0,
    gone_articles INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0,
    state TEXT                        -- of the portal, as the end of this crawl was judged; NULL: it could not be
);
CREATE INDEX crawls_portal ON crawls(portal, started_at);

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    crawl_id INTEGER REFERENCES crawls(id),    -- NULL: imported, or read by `scrapy counters`
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT,
    kind TEXT NOT NULL,               -- article, list, gone, soft-404, blocked, other, feed, sitemap, file, redirect
    digest TEXT NOT NULL,             -- payload digest, "sha1:BASE32" as in WARC-Payload-Digest
    file TEXT NOT NULL,               -- path below captures/
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    revisit_of INTEGER REFERENCES captures(id),
    article_id INTEGER REFERENCES articles(id),   -- the article it showed
    content_hash TEXT,                -- of that article as read from it: equal neighbours are one version
    sha256 TEXT,                      -- hex, of the request and response records as they lie in the file; NULL: older
    imported INTEGER NOT NULL DEFAULT 0,       -- 1: made by somebody else
    lost INTEGER NOT NULL DEFAULT 0,  -- 1: its file ended before it when the machine came up again
    rendered INTEGER NOT NULL DEFAULT 0,       -- 1: the page as a browser shows it, a conversion record beside the response
    page_url TEXT                     -- the page whose content it is, where a script asks for that at `url`
);
CREATE INDEX captures_url ON captures(url, fetched_at);
CREATE INDEX captures_portal ON captures(portal, fetched_at);
CREATE INDEX captures_crawl ON captures(crawl_id);
CREATE INDEX captures_revisit ON captures(revisit_of);
-- By the beginning of the hash: an index that fits into memory is not read from disk.
CREATE INDEX captures_digest ON captures(substr(digest, 6, 10)) WHERE revisit_of IS NULL;
CREATE INDEX captures_article ON captures(article_id, fetched_at) WHERE article_id IS NOT NULL;
CREATE UNIQUE INDEX captures_place ON captures(file, offset);
CREATE INDEX captures_lost ON captures(file) WHERE lost;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,                -- canonical URL
    cms_id TEXT,
    title TEXT,
    summary TEXT,
    body TEXT,
    html TEXT,
    captions TEXT,                    -- a line each
    attachment_text TEXT,             -- text of its attachments, and of images that are documents
    author TEXT,
    source TEXT,
    published_at TEXT,
    published_precision TEXT,
    modified_at TEXT,
    category TEXT,
    tags TEXT NOT NULL DEFAULT '[]',  -- JSON array
    views INTEGER,
    rating_points INTEGER,
    rating_votes INTEGER,
    comments INTEGER,
    version INTEGER NOT NULL,         -- number of the current version, from 1
    content_hash TEXT NOT NULL,       -- of all that makes a version
    text_hash TEXT NOT NULL,          -- of title and body: the same text under another URL is the same article
    capture_id INTEGER REFERENCES captures(id),   -- newest capture of the current version
    fetched_at TEXT NOT NULL,         -- time of that capture
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    missing_since TEXT,               -- since when no URL of it answers; NULL: it is there
    gone_at TEXT,                     -- that was confirmed a day later or more; it is gone now if came_back_at is NULL
    came_back_at TEXT,                -- it answered again after gone_at
    methods TEXT NOT NULL DEFAULT '{}',           -- JSON: field -> method
    reader_version INTEGER NOT NULL,
    search_order INTEGER NOT NULL,    -- rowid of the search index: publication time, so that newest first is free
    flagged INTEGER NOT NULL DEFAULT 0,           -- 1: its findings make it suspicious, see archive/findings
    removed_text TEXT                 -- paragraphs that older versions have and the current one has not
);
CREATE UNIQUE INDEX articles_search_order ON articles(search_order);
CREATE INDEX articles_portal ON articles(portal, published_at);
CREATE INDEX articles_published ON articles(published_at);
CREATE INDEX articles_first_seen ON articles(first_seen);
CREATE INDEX articles_cms_id ON articles(portal, cms_id);
CREATE INDEX articles_category ON articles(category);
CREATE INDEX articles_author ON articles(author);
CREATE INDEX articles_gone ON articles(gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX articles_capture ON articles(capture_id);
CREATE INDEX articles_removed_text ON articles(search_order) WHERE removed_text IS NOT NULL;

-- Articles that were gone and came back, before the time that `articles` knows.
CREATE TABLE absences (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    gone_at TEXT NOT NULL,
    came_back_at TEXT NOT NULL,
    PRIMARY KEY (article_id, gone_at)
);
CREATE TRIGGER absences_keep AFTER UPDATE OF gone_at ON articles
WHEN old.came_back_at IS NOT NULL AND old.gone_at IS NOT new.gone_at BEGIN
    INSERT OR IGNORE INTO absences VALUES (old.id, old.gone_at, old.came_back_at);
END;

-- Every version of an article. The text of the current version stands in `articles` alone; that of a superseded
-- one moves here. The view `article_versions` shows all of them in full.
CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    version INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    capture_id INTEGER REFERENCES captures(id),   -- the first capture that showed it
    content_hash TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    changed TEXT,                     -- JSON: clauses, as in portal_states: what differs from the version before; NULL: the first
    reader_version INTEGER NOT NULL,
    url TEXT NOT NULL,                -- the URL it was read under
    title TEXT, summary TEXT, body TEXT, captions TEXT, author TEXT, source TEXT, published_at TEXT,
    images TEXT,                      -- JSON arrays of URLs
    attachments TEXT,
    published_precision TEXT,
    old_changed TEXT,                 -- what an older program wrote there in words, where they are no clauses
    weight TEXT,                      -- the kind of its heaviest part: figure, name, date ...; NULL: the first
    UNIQUE (article_id, version)
);
CREATE INDEX versions_first_seen ON versions(first_seen);
CREATE INDEX versions_changed ON versions(first_seen) WHERE version > 1;
CREATE INDEX versions_capture ON versions(capture_id);
CREATE INDEX versions_text ON versions(substr(text_hash, 1, 16));

CREATE TABLE article_urls (
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    content_hash TEXT,                -- as last read under this URL: two templates must not look like changes
    PRIMARY KEY (portal, url)
);
CREATE INDEX article_urls_article ON article_urls(article_id);
CREATE INDEX article_urls_url ON article_urls(url);

-- A row whenever what the page prints has changed.
CREATE TABLE article_views (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    seen_at TEXT NOT NULL,
    last_seen TEXT NOT NULL,          -- until when the page printed the same
    views INTEGER,
    rating_points INTEGER,
    rating_votes INTEGER,
    capture_id INTEGER REFERENCES captures(id),
    PRIMARY KEY (article_id, seen_at)
);

CREATE TABLE images (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    caption TEXT,
    text TEXT,                        -- of an image that is a document, recognised; NULL: none, or not looked at
    confidence REAL,                  -- of that text, from 0 to 100
    recognised_at TEXT,               -- when `scrapy ocr` looked at it; NULL: not yet
    PRIMARY KEY (article_id, position)
);
CREATE INDEX images_url ON images(url);

CREATE TABLE attachments (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    title TEXT,
    text TEXT,                        -- text of the file, its pages parted by a blank line
    capture_id INTEGER REFERENCES captures(id),
    page_spans TEXT NOT NULL DEFAULT '[]',        -- JSON: where each page stands in `text`, [start, length, confidence]
    reason TEXT,                      -- why text is missing, in whole or in part; NULL: none is
    recognised_at TEXT,               -- when `scrapy ocr` looked at its pages; NULL: not yet
    PRIMARY KEY (article_id, position)
);
CREATE INDEX attachments_url ON attachments(url);
CREATE INDEX attachments_scans ON attachments(reason) WHERE reason IS NOT NULL AND recognised_at IS NULL;
CREATE INDEX attachments_capture ON attachments(capture_id);

-- Texts of files that came before the article that offers them, as may be in an import.
CREATE TABLE unclaimed_texts (
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,
    text TEXT,
    capture_id INTEGER REFERENCES captures(id),
    page_spans TEXT NOT NULL DEFAULT '[]',
    reason TEXT,
    PRIMARY KEY (portal, url)
);
CREATE INDEX unclaimed_texts_capture ON unclaimed_texts(capture_id);

-- The pages of attachments that have text. `confidence` is NULL where the file itself has the text, else how surely it
-- was recognised, from 0 to 100.
CREATE VIEW attachment_pages AS
SELECT t.article_id, t.position, t.url, p.key + 1 AS page,
       substr(t.text, json_extract(p.value, '$[0]') + 1, json_extract(p.value, '$[1]')) AS text,
       json_extract(p.value, '$[2]') AS confidence
FROM attachments t JOIN json_each(t.page_spans) p
WHERE json_extract(p.value, '$[1]') > 0;

-- The frontier: every URL of a portal that was ever found, and when it is looked at next.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,
    kind TEXT NOT NULL,               -- what it is taken for before, and was found to be after the first visit
    state TEXT NOT NULL,              -- waiting, done, moved, missing, gone, failed, refused (robots.txt, size)
    queue INTEGER NOT NULL,           -- 0 start pages, feeds; 1 new articles; 2 deep lists; 3 to look at again; 4 files
    priority INTEGER NOT NULL DEFAULT 0,   -- within a queue, higher first: publication time where a list states it
    depth INTEGER NOT NULL DEFAULT 0, -- clicks from a start page
    found_on TEXT,
    discovered_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,   -- failures since the last success
    last_visit TEXT,
    next_visit TEXT,                  -- NULL: never again
    missing_since TEXT,               -- first of the visits in a row that found it missing
    unchanged INTEGER NOT NULL DEFAULT 0,  -- visits in a row that showed nothing new
    etag TEXT,
    last_modified TEXT,
    conditional INTEGER,              -- 1: the server honours conditional requests; 0: its validators lie
    last_digest TEXT,
    last_status INTEGER,
    article_id INTEGER REFERENCES articles(id),
    UNIQUE (portal, url)
);
CREATE INDEX pages_due ON pages(portal, queue, next_visit, priority);
CREATE INDEX pages_visited ON pages(portal, last_visit, state, kind, depth, missing_since);
CREATE INDEX pages_article ON pages(article_id);
CREATE INDEX pages_tried_again ON pages(portal, next_visit) WHERE attempts > 0;
CREATE INDEX pages_left ON pages(article_id) WHERE state IN ('moved', 'missing', 'gone') AND article_id IS NOT NULL;

CREATE TABLE counter_readings (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,                -- the page it was read on
    read_at TEXT NOT NULL,
    capture_id INTEGER REFERENCES captures(id),
    online INTEGER, members INTEGER, bots INTEGER, guests INTEGER,
    today INTEGER, yesterday INTEGER, week INTEGER, month INTEGER, last_month INTEGER, year INTEGER,
    total INTEGER,
    printed TEXT NOT NULL DEFAULT '{}',     -- JSON: field -> the text as printed
    reasons TEXT NOT NULL DEFAULT '{}',     -- JSON: field -> why it has no value
    last_week INTEGER, last_year INTEGER,
    UNIQUE (portal, url, read_at)
);
CREATE INDEX counter_readings_portal ON counter_readings(portal, read_at);
CREATE INDEX counter_readings_capture ON counter_readings(capture_id);

CREATE TABLE crawl_fields (
    crawl_id INTEGER NOT NULL REFERENCES crawls(id),
    field TEXT NOT NULL,
    articles INTEGER NOT NULL,        -- article pages read in this crawl
    filled INTEGER NOT NULL,          -- of these, with a value read from the page's own body
    examples TEXT NOT NULL DEFAULT '[]',    -- JSON: pages without it
    PRIMARY KEY (crawl_id, field)
);

-- Counts by which a crawl is judged, see archive/health/tallies.py.
CREATE TABLE crawl_tallies (
    crawl_id INTEGER NOT NULL REFERENCES crawls(id),
    tally TEXT NOT NULL,
    value TEXT NOT NULL,
    pages INTEGER NOT NULL,
    PRIMARY KEY (crawl_id, tally, value)
) WITHOUT ROWID;

CREATE TABLE portal_states (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,                       -- NULL: it is the state now
    judged_at TEXT NOT NULL,
    crawl_id INTEGER REFERENCES crawls(id),
    cause TEXT,
    reason TEXT NOT NULL DEFAULT '[]',      -- JSON: clauses, each a code of the message catalogues and its values
    next_step TEXT NOT NULL DEFAULT '[]',
    old_words TEXT,                   -- JSON: of an older archive, reason and next step in English and Vietnamese
    field TEXT,
    before TEXT,
    after TEXT,
    examples TEXT NOT NULL DEFAULT '[]',
    warnings TEXT NOT NULL DEFAULT '[]',
    sent_by TEXT NOT NULL DEFAULT '[]',     -- JSON: the ways by which somebody was told of it
    sent_at TEXT                      -- when by all of them
);
CREATE INDEX portal_states_since ON portal_states(portal, since);
CREATE UNIQUE INDEX portal_states_now ON portal_states(portal) WHERE until IS NULL;

-- What `probe --all` saw of each declared portal; one that was never crawled has no row in `portals`.
CREATE TABLE probes (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,             -- the name it is declared by
    probed_at TEXT NOT NULL,
    state TEXT NOT NULL,
    family TEXT NOT NULL,             -- CMS family that most of its pages showed
    articles INTEGER NOT NULL,        -- that were read, of the few asked for
    size INTEGER,                     -- about how many articles there are; NULL: nothing tells
    requests INTEGER NOT NULL,
    changes TEXT NOT NULL DEFAULT '[]',     -- JSON: since the probe before, [what, before, now]
    report TEXT NOT NULL,             -- JSON: all that was seen
    UNIQUE (portal, probed_at)
);

CREATE TABLE problems (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    count INTEGER NOT NULL DEFAULT 1,
    closed_at TEXT,
    UNIQUE (portal, url, kind, field)
);
CREATE INDEX problems_open ON problems(portal, kind) WHERE closed_at IS NULL;
CREATE INDEX problems_last_seen ON problems(last_seen);

-- CRC-32 of every row of the tables that hold what was found, see portal_archive/archive/checksums.py.
CREATE TABLE row_checksums (
    name TEXT NOT NULL,               -- the table
    id INTEGER NOT NULL,              -- the rowid
    checksum INTEGER NOT NULL,
    PRIMARY KEY (name, id)
) WITHOUT ROWID;

CREATE VIEW article_versions AS
SELECT v.id, v.article_id, v.version, v.version = a.version AS is_current, v.first_seen, v.last_seen, v.changed,
       a.portal, v.url,
       CASE WHEN v.version = a.version THEN a.title ELSE v.title END AS title,
       CASE WHEN v.version = a.version THEN a.summary ELSE v.summary END AS summary,
       CASE WHEN v.version = a.version THEN a.body ELSE v.body END AS body,
       CASE WHEN v.version = a.version THEN a.captions ELSE v.captions END AS captions,
       CASE WHEN v.version = a.version THEN a.author ELSE v.author END AS author,
       CASE WHEN v.version = a.version THEN a.source ELSE v.source END AS source,
       CASE WHEN v.version = a.version THEN a.published_at ELSE v.published_at END AS published_at,
       CASE WHEN v.version = a.version THEN a.published_precision ELSE v.published_precision END AS published_precision,
       v.images, v.attachments, v.content_hash, v.reader_version, v.capture_id, v.old_changed, v.weight
FROM versions v JOIN articles a ON a.id = v.article_id;

-- What a portal showed and was not believed at once, see archive/doubt/.
CREATE TABLE doubts (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    url TEXT NOT NULL,                -- of the home page where it is about the portal as a whole
    article_id INTEGER REFERENCES articles(id),   -- whose address it is; NULL: of none
    rule TEXT NOT NULL,
    state TEXT NOT NULL,              -- held, refused; believed, passed, accepted, rejected
    text_hash TEXT NOT NULL DEFAULT '',           -- of what was shown
    content_hash TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT '{}',           -- JSON
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    capture_id INTEGER REFERENCES captures(id),   -- the newest capture that showed it
    decided_at TEXT,
    why TEXT,                         -- what the person said who decided
    UNIQUE (portal, url, content_hash)
);
CREATE INDEX doubts_text ON doubts(portal, text_hash);
CREATE INDEX doubts_article ON doubts(article_id) WHERE article_id IS NOT NULL;
CREATE INDEX doubts_open ON doubts(portal, last_seen) WHERE state IN ('held', 'refused');
CREATE INDEX doubts_capture ON doubts(capture_id);

-- Articles that turned out to be another one: its number still answers, and they can be parted again.
CREATE TABLE merges (
    article_id INTEGER PRIMARY KEY,   -- the number that it had
    merged_into INTEGER NOT NULL REFERENCES articles(id),
    merged_at TEXT NOT NULL,
    rows TEXT NOT NULL                -- JSON: what both were, table by table
);
CREATE INDEX merges_into ON merges(merged_into);

-- What people decided about findings and doubts.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,            -- finding, doubt
    item INTEGER NOT NULL,            -- its id
    portal TEXT NOT NULL REFERENCES portals(name),
    what TEXT NOT NULL,
    verdict TEXT NOT NULL,            -- confirmed, dismissed; accepted, rejected
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    undone_at TEXT,
    undone_by TEXT
);
CREATE INDEX decisions_item ON decisions(subject, item);

-- What shows that an article was tampered with.
CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(name),
    article_id INTEGER REFERENCES articles(id),   -- NULL: of a page that shows no article
    url TEXT NOT NULL,
    content_hash TEXT,                -- of the version: numbers of versions change when an older capture is imported
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    span TEXT NOT NULL,
    occurrence INTEGER NOT NULL,      -- which of the equal spans of that field, from 1
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    score REAL NOT NULL,
    old_reason TEXT,                  -- JSON by language: what an older version said, until the page is read again
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    capture_id INTEGER REFERENCES captures(id),   -- the first that showed it
    original TEXT,                    -- the words of a clean text in its place; '': there are none; NULL: not known
    original_article INTEGER REFERENCES articles(id),
    original_hash TEXT,
    verdict TEXT,
    why TEXT,
    decided_at TEXT,
    signs TEXT NOT NULL DEFAULT '[]',   -- JSON: names of [evidence] in portal_archive/messages
    details TEXT NOT NULL DEFAULT '{}'  -- JSON: the values that their sentences name
);
CREATE UNIQUE INDEX findings_version ON findings(article_id, content_hash, kind, field, span, occurrence);
-- NULL equals nothing, so that the index above lets findings without an article in twice.
CREATE UNIQUE INDEX findings_page ON findings(portal, url, kind, field, span, occurrence) WHERE article_id IS NULL;
CREATE INDEX findings_first_seen ON findings(first_seen);
CREATE INDEX findings_portal ON findings(portal, first_seen);
CREATE INDEX findings_kind ON findings(kind, first_seen);
CREATE INDEX findings_original ON findings(original_article) WHERE original_article IS NOT NULL;

-- Which portal this is, in words; the province as it was when the portal was its own, and what it is part of today.
CREATE VIEW portal_places AS
SELECT p.name AS portal, p.title AS portal_title, o.name AS province, n.name AS province_now
FROM portals p LEFT JOIN provinces o ON o.id = p.province
    LEFT JOIN provinces n ON n.id = coalesce(o.successor, o.id);

-- What happened, and was seen by a visit: the one place that says so, whether for a page, a feed or an export.
CREATE VIEW events AS
SELECT e.id, e.seen_at, e.kind, coalesce(e.portal, a.portal) AS portal, w.portal_title, w.province, w.province_now,
       e.article_id, a.title, coalesce(e.url, a.url) AS url, e.from_url, e.version, e.detail, e.weight, e.capture_id, e.permalink
FROM (
    SELECT 'changed-' || article_id || '-' || first_seen AS id, first_seen AS seen_at,
           'changed' AS kind, NULL AS portal, article_id, url, NULL AS from_url, version,
           coalesce(old_changed, changed) AS detail, weight, capture_id,
           '/article/' || article_id || '/diff/' || (version - 1) || '/' || version AS permalink
    FROM versions WHERE version > 1
    UNION ALL
    SELECT 'gone-' || id || '-' || gone_at, gone_at, 'gone', portal, id, url, NULL, NULL, NULL, NULL, NULL,
           '/article/' || id
    FROM articles WHERE gone_at IS NOT NULL
    UNION ALL
    SELECT 'gone-' || article_id || '-' || gone_at, gone_at, 'gone', NULL, article_id, NULL, NULL, NULL, NULL, NULL,
           NULL, '/article/' || article_id
    FROM absences
    UNION ALL
    SELECT 'came-back-' || id || '-' || came_back_at, came_back_at, 'came-back', portal, id, url, NULL, NULL, NULL,
           NULL, NULL, '/article/' || id
    FROM articles WHERE gone_at IS NOT NULL AND came_back_at IS NOT NULL
    UNION ALL
    SELECT 'came-back-' || article_id || '-' || came_back_at, came_back_at, 'came-back', NULL, article_id, NULL, NULL,
           NULL, NULL, NULL, NULL, '/article/' || article_id
    FROM absences
    UNION ALL
    SELECT 'moved-' || p.article_id || '-' || o.url, min(u.first_seen), 'moved', p.portal, p.article_id, u.url, o.url,
           NULL, NULL, NULL, NULL, '/article/' || p.article_id
    FROM pages p CROSS JOIN article_urls o ON o.portal = p.portal AND o.url = p.url
        CROSS JOIN article_urls u ON u.article_id = p.article_id AND u.first_seen > o.first_seen
    WHERE p.state IN ('moved', 'missing', 'gone') AND p.article_id IS NOT NULL GROUP BY p.id
    UNION ALL
    SELECT 'injected-' || coalesce(article_id || '-' || min(first_seen), portal || '-' || url),
           min(first_seen), 'injected', portal, article_id, url, NULL, NULL, group_concat(DISTINCT kind), NULL, capture_id,
           coalesce('/article/' || article_id, '/capture/' || capture_id, '/portal/' || portal)
    FROM findings WHERE (score >= 0.5 OR verdict IS 'confirmed') AND verdict IS NOT 'dismissed'
    GROUP BY coalesce(article_id, url), portal, content_hash
    UNION ALL
    SELECT 'held-' || id, first_seen, 'held', portal, article_id, url, NULL, NULL, rule || ': ' || state, NULL, capture_id,
           coalesce('/capture/' || capture_id, '/doubts')
    FROM doubts
) e LEFT JOIN articles a ON a.id = e.article_id
    LEFT JOIN portal_places w ON w.portal = coalesce(e.portal, a.portal);

-- Counter readings in long form: a row for each number that was printed, or has a reason for having no value.
CREATE VIEW counter_series AS
SELECT r.id AS reading_id, r.portal, w.portal_title, w.province, w.province_now, r.url, r.read_at,
       date(r.read_at, '+7 hours') AS day, m.key AS measure, m.value,
       json_extract(r.printed, '$.' || m.key) AS as_printed, json_extract(r.reasons, '$.' || m.key) AS reason,
       r.capture_id, '/capture/' || r.capture_id AS permalink
FROM counter_readings r
    CROSS JOIN json_each(json_object('online', online, 'members', members, 'bots', bots, 'guests', guests,
        'today', today, 'yesterday', yesterday, 'week', week, 'last_week', last_week, 'month', month,
        'last_month', last_month, 'year', year, 'last_year', last_year, 'total', total)) m
    LEFT JOIN portal_places w ON w.portal = r.portal
WHERE m.value IS NOT NULL OR json_extract(r.printed, '$.' || m.key) IS NOT NULL
    OR json_extract(r.reasons, '$.' || m.key) IS NOT NULL;

-- Articles that are one text in several portals.
CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,         -- an address that was given away is not given again
    first_article INTEGER REFERENCES articles(id),
    articles INTEGER NOT NULL,
    portals INTEGER NOT NULL,
    joined INTEGER REFERENCES stories(id)         -- the story that this one turned out to be
);
CREATE INDEX stories_portals ON stories(portals);
CREATE INDEX stories_first ON stories(first_article);
CREATE INDEX stories_joined ON stories(joined) WHERE joined IS NOT NULL;

CREATE TABLE story_articles (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    story_id INTEGER NOT NULL REFERENCES stories(id),
    position INTEGER NOT NULL,
    words_left_out INTEGER,
    words_added INTEGER,
    percent_changed INTEGER
);
CREATE INDEX story_articles_story ON story_articles(story_id, position);

-- How copies are found, see archive/stories/stories.py.
CREATE TABLE story_sketches (article_id INTEGER PRIMARY KEY, keys BLOB NOT NULL);
CREATE TABLE story_keys (
    key INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (key, article_id)
) WITHOUT ROWID;
CREATE TABLE stories_waiting (article_id INTEGER PRIMARY KEY);

CREATE TRIGGER stories_learn AFTER INSERT ON articles BEGIN
    INSERT OR IGNORE INTO stories_waiting VALUES (new.id);
END;
CREATE TRIGGER stories_change
AFTER UPDATE OF text_hash, summary, published_at, published_precision, flagged ON articles
WHEN (old.text_hash, old.summary, old.published_at, old.published_precision, old.flagged)
    IS NOT (new.text_hash, new.summary, new.published_at, new.published_precision, new.flagged)
BEGIN
    INSERT OR IGNORE INTO stories_waiting VALUES (new.id);
END;
CREATE TRIGGER stories_forget BEFORE DELETE ON articles BEGIN
    INSERT OR IGNORE INTO stories_waiting SELECT article_id FROM story_articles
    WHERE story_id = (SELECT story_id FROM story_articles WHERE article_id = old.id);
    INSERT OR IGNORE INTO stories_waiting VALUES (old.id);
    DELETE FROM story_articles WHERE article_id = old.id;
    UPDATE stories SET first_article = NULL WHERE first_article = old.id;
END;

-- The search indexes. FTS5's own folding leaves đ and Đ (and Ð, a frequent mistyping) alone; the views fold them, so
-- that an index survives 'rebuild' and any program can write to the tables. What `marks` holds is composed in
-- search/filter_terms.py, which a test holds against this. A batch is a segment of an index, as is each article of a
-- crawl: merging four at a time, as is usual, would write every word ten times over at a million. 16 MB of words hold
-- the whole batch of an import.
CREATE VIEW articles_folded AS SELECT
    search_order,
    replace(replace(replace(replace(title, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS title,
    replace(replace(replace(replace(summary, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS summary,
    replace(replace(replace(replace(body, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS body,
    replace(replace(replace(replace(captions, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS captions,
    replace(replace(replace(replace(author, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS author,
    replace(replace(replace(replace(attachment_text, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS attachment_text,
    'zqarticle zqportal' || hex(portal) ||
    iif(category IS NULL, '', ' zqcategory' || hex(category)) ||
    iif(gone_at IS NOT NULL AND came_back_at IS NULL, ' zqgone', '') ||
    iif(missing_since IS NOT NULL AND (gone_at IS NULL OR came_back_at IS NOT NULL), ' zqmissing', '') ||
    iif(came_back_at IS NOT NULL, ' zqback', '') ||
    iif(version > 1, ' zqchanged', '') ||
    iif(published_precision IS 'inferred', ' zqinferred', '') ||
    iif(flagged, ' zqflagged', '') ||
    iif(published_precision IS NOT NULL, ' zqdated', '') AS marks
FROM articles;
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, summary, body, captions, author, attachment_text, marks,
    content = 'articles_folded', content_rowid = 'search_order', tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO articles_fts(articles_fts, rank) VALUES ('automerge', 16);
INSERT INTO articles_fts(articles_fts, rank) VALUES ('crisismerge', 64);
INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', 16777216);

CREATE VIEW articles_written AS SELECT
    search_order,
    replace(title, 'Ð', 'Đ') AS title,
    replace(summary, 'Ð', 'Đ') AS summary,
    replace(body, 'Ð', 'Đ') AS body,
    replace(captions, 'Ð', 'Đ') AS captions,
    replace(author, 'Ð', 'Đ') AS author,
    replace(attachment_text, 'Ð', 'Đ') AS attachment_text,
    'zqarticle zqportal' || hex(portal) ||
    iif(category IS NULL, '', ' zqcategory' || hex(category)) ||
    iif(gone_at IS NOT NULL AND came_back_at IS NULL, ' zqgone', '') ||
    iif(missing_since IS NOT NULL AND (gone_at IS NULL OR came_back_at IS NOT NULL), ' zqmissing', '') ||
    iif(came_back_at IS NOT NULL, ' zqback', '') ||
    iif(version > 1, ' zqchanged', '') ||
    iif(published_precision IS 'inferred', ' zqinferred', '') ||
    iif(flagged, ' zqflagged', '') ||
    iif(published_precision IS NOT NULL, ' zqdated', '') AS marks
FROM articles;
CREATE VIRTUAL TABLE articles_exact USING fts5(
    title, summary, body, captions, author, attachment_text, marks,
    content = 'articles_written', content_rowid = 'search_order', tokenize = "unicode61 remove_diacritics 0"
);
INSERT INTO articles_exact(articles_exact, rank) VALUES ('automerge', 16);
INSERT INTO articles_exact(articles_exact, rank) VALUES ('crisismerge', 64);
INSERT INTO articles_exact(articles_exact, rank) VALUES ('hashsize', 16777216);

-- What older versions said and the current one does not: few articles have it, so that it is an index of its own. It has
-- the current text as well: what is still said there was not removed.
CREATE VIEW articles_dropped AS SELECT
    search_order,
    replace(replace(replace(replace(removed_text, 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS removed_text,
    replace(replace(replace(replace(
        coalesce(title, '') || char(10) || coalesce(summary, '') || char(10) || coalesce(body, '') || char(10)
        || coalesce(captions, '') || char(10) || coalesce(author, ''), 'đ', 'd'), 'Đ', 'D'), 'Ð', 'D'), 'ð', 'd') AS current_text,
    'zqarticle zqportal' || hex(portal) ||
    iif(category IS NULL, '', ' zqcategory' || hex(category)) ||
    iif(gone_at IS NOT NULL AND came_back_at IS NULL, ' zqgone', '') ||
    iif(missing_since IS NOT NULL AND (gone_at IS NULL OR came_back_at IS NOT NULL), ' zqmissing', '') ||
    iif(came_back_at IS NOT NULL, ' zqback', '') ||
    iif(version > 1, ' zqchanged', '') ||
    iif(published_precision IS 'inferred', ' zqinferred', '') ||
    iif(flagged, ' zqflagged', '') ||
    iif(published_precision IS NOT NULL, ' zqdated', '') AS marks
FROM articles WHERE removed_text IS NOT NULL;
CREATE VIRTUAL TABLE articles_removed USING fts5(
    removed_text, current_text, marks,
    content = 'articles_dropped', content_rowid = 'search_order', tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO articles_removed(articles_removed, rank) VALUES ('automerge', 16);
INSERT INTO articles_removed(articles_removed, rank) VALUES ('crisismerge', 64);
INSERT INTO articles_removed(articles_removed, rank) VALUES ('hashsize', 16777216);

CREATE TABLE search_facets (search_order INTEGER PRIMARY KEY, facets TEXT NOT NULL);

-- FTS5 writes a segment whenever a savepoint begins, as it does with each visit of a batch; all at once, and in the
-- index's order, costs half. So what is stored while `order.ALL_AT_ONCE` is among the waiting is indexed when that
-- leaves.
CREATE TABLE search_waiting (search_order INTEGER PRIMARY KEY);
CREATE TRIGGER search_waiting_one AFTER INSERT ON search_waiting
WHEN NOT EXISTS (SELECT 1 FROM search_waiting WHERE search_order = -4611686018427387904) BEGIN
    INSERT INTO search_facets SELECT search_order, json_array(portal, category,
    iif(gone_at IS NOT NULL AND came_back_at IS NULL, ' gone', '') ||
    iif(missing_since IS NOT NULL AND (gone_at IS NULL OR came_back_at IS NOT NULL), ' missing', '') ||
    iif(came_back_at IS NOT NULL, ' back', '') ||
    iif(version > 1, ' changed', '') ||
    iif(published_precision IS 'inferred', ' inferred', '') ||
    iif(flagged, ' flagged', '') ||
    iif(published_precision IS NOT NULL, ' dated', ''))
    FROM articles WHERE search_order IN (SELECT search_order FROM search_waiting);
    INSERT INTO articles_fts(rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT a.search_order, title, summary, body, captions, author, attachment_text, marks
    FROM search_waiting w CROSS JOIN articles_folded a ON a.search_order = w.search_order ORDER BY w.search_order;
    INSERT INTO articles_exact(rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT a.search_order, title, summary, body, captions, author, attachment_text, marks
    FROM search_waiting w CROSS JOIN articles_written a ON a.search_order = w.search_order ORDER BY w.search_order;
    INSERT INTO articles_removed(rowid, removed_text, current_text, marks)
    SELECT a.search_order, removed_text, current_text, marks
    FROM search_waiting w CROSS JOIN articles_dropped a ON a.search_order = w.search_order ORDER BY w.search_order;
    DELETE FROM search_waiting;
END;
CREATE TRIGGER search_waiting_all AFTER DELETE ON search_waiting
WHEN old.search_order = -4611686018427387904 BEGIN
    INSERT INTO search_facets SELECT search_order, json_array(portal, category,
    iif(gone_at IS NOT NULL AND came_back_at IS NULL, ' gone', '') ||
    iif(missing_since IS NOT NULL AND (gone_at IS NULL OR came_back_at IS NOT NULL), ' missing', '') ||
    iif(came_back_at IS NOT NULL, ' back', '') ||
    iif(version > 1, ' changed', '') ||
    iif(published_precision IS 'inferred', ' inferred', '') ||
    iif(flagged, ' flagged', '') ||
    iif(published_precision IS NOT NULL, ' dated', ''))
    FROM articles WHERE search_order IN (SELECT search_order FROM search_waiting);
    INSERT INTO articles_fts(rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT a.search_order, title, summary, body, captions, author, attachment_text, marks
    FROM search_waiting w CROSS JOIN articles_folded a ON a.search_order = w.search_order ORDER BY w.search_order;
    INSERT INTO articles_exact(rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT a.search_order, title, summary, body, captions, author, attachment_text, marks
    FROM search_waiting w CROSS JOIN articles_written a ON a.search_order = w.search_order ORDER BY w.search_order;
    INSERT INTO articles_removed(rowid, removed_text, current_text, marks)
    SELECT a.search_order, removed_text, current_text, marks
    FROM search_waiting w CROSS JOIN articles_dropped a ON a.search_order = w.search_order ORDER BY w.search_order;
    DELETE FROM search_waiting;
END;

-- One change must make the index forget an article once, and as it was: the view still shows the old words before.
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO search_waiting VALUES (new.search_order);
END;
CREATE TRIGGER articles_fts_delete BEFORE DELETE ON articles BEGIN
    DELETE FROM search_facets WHERE search_order = old.search_order;
    INSERT INTO articles_fts(articles_fts, rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT 'delete', search_order, title, summary, body, captions, author, attachment_text, marks FROM articles_folded
    WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);
    INSERT INTO articles_exact(articles_exact, rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT 'delete', search_order, title, summary, body, captions, author, attachment_text, marks FROM articles_written
    WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);
    INSERT INTO articles_removed(articles_removed, rowid, removed_text, current_text, marks)
    SELECT 'delete', search_order, removed_text, current_text, marks FROM articles_dropped
    WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);
    DELETE FROM search_waiting WHERE search_order = old.search_order;
END;
CREATE TRIGGER articles_fts_forget
BEFORE UPDATE OF title, summary, body, captions, author, attachment_text, search_order,
    portal, category, published_precision, version, missing_since, gone_at, came_back_at, flagged, removed_text ON articles
WHEN (old.title, old.summary, old.body, old.captions, old.author, old.attachment_text,
    old.search_order, old.portal, old.category, old.published_precision, old.version, old.missing_since, old.gone_at, old.came_back_at, old.flagged, old.removed_text)
IS NOT (new.title, new.summary, new.body, new.captions, new.author, new.attachment_text,
    new.search_order, new.portal, new.category, new.published_precision, new.version, new.missing_since, new.gone_at, new.came_back_at, new.flagged, new.removed_text)
BEGIN
    DELETE FROM search_facets WHERE search_order = old.search_order;
    INSERT INTO articles_fts(articles_fts, rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT 'delete', search_order, title, summary, body, captions, author, attachment_text, marks FROM articles_folded
    WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);
    INSERT INTO articles_exact(articles_exact, rowid, title, summary, body, captions, author, attachment_text, marks)
    SELECT 'delete', search_order, title, summary, body, captions, author, attachment_text, marks FROM articles_written
    WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);
    INSERT INTO articles_removed(articles_removed, rowid, removed_text, current_text, marks)
    SELECT 'delete', search_order, removed_text, current_text, marks FROM articles_dropped
    WHERE search_order = old.search_order AND search_order NOT IN (SELECT search_order FROM search_waiting);
    DELETE FROM search_waiting WHERE search_order = old.search_order;
END;
CREATE TRIGGER articles_fts_learn
AFTER UPDATE OF title, summary, body, captions, author, attachment_text, search_order,
    portal, category, published_precision, version, missing_since, gone_at, came_back_at, flagged, removed_text ON articles
WHEN (old.title, old.summary, old.body, old.captions, old.author, old.attachment_text,
    old.search_order, old.portal, old.category, old.published_precision, old.version, old.missing_since, old.gone_at, old.came_back_at, old.flagged, old.removed_text)
IS NOT (new.title, new.summary, new.body, new.captions, new.author, new.attachment_text,
    new.search_order, new.portal, new.category, new.published_precision, new.version, new.missing_since, new.gone_at, new.came_back_at, new.flagged, new.removed_text)
BEGIN
    INSERT INTO search_waiting VALUES (new.search_order);
END;

-- What recipients of watches were told, see portal_archive/archive/watches. `way` is one of them, without its secrets.
CREATE TABLE watch_progress (
    watch TEXT NOT NULL,              -- the watch's name in the operator's file
    way TEXT NOT NULL,
    begun_at TEXT NOT NULL,           -- events that were seen since are told
    last_article INTEGER NOT NULL,    -- articles up to this number were new before
    last_run_at TEXT NOT NULL,
    PRIMARY KEY (watch, way)
);
CREATE TABLE watch_sent (
    watch TEXT NOT NULL,
    way TEXT NOT NULL,
    event TEXT NOT NULL,              -- id in the view events, or "new-" and the number of an article
    sent_at TEXT NOT NULL,
    PRIMARY KEY (watch, way, event)
);
CREATE INDEX watch_sent_at ON watch_sent(sent_at);
