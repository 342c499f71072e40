"""The file of watches: what it says, and every mistake in it by its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal_archive.archive.watches.declared import EVENTS, Watch, read
from portal_archive.model.errors import WatchError
from portal_archive.model.kinds import ChangeWeight


def written(folder: Path, text: str) -> Path:
    file = folder / "watches.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_is_read(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        to = "toa-soan"
        weight = "sentence"

        [[watch]]
        name = "Dân vận khéo"
        search = '"dân vận khéo"'

        [[watch]]
        name = "Huyện"
        people = ["Lò Văn Sơn"]
        articles = [7, "https://huyen.example/a.html"]
        portals = ["huyen"]
        provinces = ["lai-chau"]
        events = ["gone"]
        weight = "comma"
        since = 2026-11-01
        to = ""
        language = "en"
        """,
    )
    assert read(file) == [
        Watch("Dân vận khéo", search='"dân vận khéo"', weight=ChangeWeight.SENTENCE, to="toa-soan"),
        Watch(
            "Huyện",
            people=("Lò Văn Sơn",),
            articles=(7, "https://huyen.example/a.html"),
            portals=("huyen",),
            provinces=("lai-chau",),
            events=("gone",),
            since=date(2026, 11, 1),
            language="en",
        ),
    ]
    assert EVENTS == ("new", "changed", "gone", "came-back", "moved", "injected")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[watch]\n", "Expected ']]' at the end of an array declaration (at line 1, column 8)"),
        ("[watch]\nname = 'a'\n", "a watch begins with [[watch]]"),
        ("lang = 'vi'\n", "nothing is called 'lang' before the first [[watch]]: to, language, weight, events are"),
        ("language = 'fr'\n", "language has no 'fr'; there are: vi, en"),
        ("[[watch]]\nsearch = 'a'\n", "every [[watch]] has a name"),
        ("[[watch]]\nname = 'a'\n", "watch 'a': it says nothing to watch: one of search, people, articles, portals, provinces"),
        ("[[watch]]\nname = 'a'\nserach = 'x'\n", "watch 'a': nothing is called 'serach'; there are: name, search, people,"
         " articles, portals, provinces, events, weight, since, to, language"),
        ("[[watch]]\nname = 'a'\npeople = 'x'\n", "watch 'a': people is a list of texts, not 'x'"),
        ("[[watch]]\nname = 'a'\narticles = [true]\n", "watch 'a': articles is a list of numbers and addresses of articles, not [True]"),
        ("[[watch]]\nname = 'a'\nsearch = 'x'\nsince = '2026-11-01'\n",
         "watch 'a': since is a day, such as 2026-11-28 without quotes, not '2026-11-01'"),
        ("[[watch]]\nname = 'a'\nsearch = 'x'\nevents = ['vanished']\n",
         "watch 'a': events has no 'vanished'; there are: new, changed, gone, came-back, moved, injected"),
        ("[[watch]]\nname = 'a'\nsearch = 'x'\n[[watch]]\nname = 'a'\nsearch = 'y'\n",
         "watch 'a': two watches have this name; what was told is remembered by it"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(WatchError) as error:
        read(file)
    assert str(error.value) == f"{file}: {said}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WatchError, match=r"khong-co\.toml: \[Errno 2\] No such file or directory"):
        read(tmp_path / "khong-co.toml")
