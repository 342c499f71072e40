"""The site of nginx at work: what one address may ask, and who is answered at all."""

import http.client
import re
import socket
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from programs import program
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
HOST = "archive.example.org"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def asked() -> Counter[str]:
    return Counter()


@pytest.fixture
def ports(tmp_path: Path, httpserver: HTTPServer, asked: Counter[str]) -> Iterator[tuple[int, int]]:
    """Run nginx with the site before a server that answers everything, and give its ports without and with TLS."""

    def answer(request: Request) -> Response:
        asked[request.path] += 1
        return Response("ok")

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    nginx, openssl = program("nginx"), program("openssl")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", f"/CN={HOST}", "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        capture_output=True, check=True,
    )  # fmt: skip
    plain, tls = free_port(), free_port()
    site = re.sub(r"listen \[::\][^\n]*\n", "\n", SITE.read_text())
    site = site.replace("listen 80", f"listen 127.0.0.1:{plain}").replace(
        "listen 443", f"listen 127.0.0.1:{tls}"
    )
    site = site.replace("127.0.0.1:8001", f"127.0.0.1:{httpserver.port}")
    site = site.replace("/etc/letsencrypt/live/archive.example.org", str(tmp_path))
    site = site.replace("/var/cache/nginx", str(tmp_path))
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log stderr crit;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{site}}}\n"
    )
    with subprocess.Popen([nginx, "-p", tmp_path, "-c", config], stderr=subprocess.DEVNULL) as server:
        try:
            while server.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", tls)) == 0:
                        break
                time.sleep(0.01)
            assert server.poll() is None
            yield plain, tls
        finally:
            server.terminate()


def get(port: int, path: str) -> int:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", port))
    with context.wrap_socket(raw, server_hostname=HOST) as wrapped:
        wrapped.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(wrapped)
        answer.begin()
        answer.read()
        return answer.status


def at_once(port: int, paths: list[str]) -> Counter[int]:
    with ThreadPoolExecutor(20) as pool:
        return Counter(pool.map(lambda path: get(port, path), paths))


def test_an_office_gets_all_its_pictures(ports: tuple[int, int]) -> None:
    assert at_once(ports[1], [f"/capture/{number}/file" for number in range(140)]) == {200: 140}


def test_costly_pages_are_few_and_hold_up_no_others(ports: tuple[int, int]) -> None:
    found = at_once(ports[1], [f"/archive/articles.json?body__contains={number}" for number in range(80)])
    assert set(found) == {200, 429}
    assert found[429] > 30
    assert at_once(ports[1], ["/", "/article/5", "/search?q=dan"] * 8) == {200: 24}


def test_a_file_is_cached_once_whatever_follows_it(ports: tuple[int, int], asked: Counter[str]) -> None:
    path = "/-/static-plugins/portal-archive/room.css"
    assert at_once(ports[1], [f"{path}?{number}" for number in range(50)]) == {200: 50}
    assert asked[path] == 1


def test_another_host_is_answered_by_nothing(ports: tuple[int, int], asked: Counter[str]) -> None:
    for host in ("evil.example", "127.0.0.1"):
        connection = http.client.HTTPConnection("127.0.0.1", ports[0])
        connection.request("GET", "/", headers={"Host": host})
        with pytest.raises(http.client.RemoteDisconnected):
            connection.getresponse()
        connection.close()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", ports[1])) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname="evil.example")
    assert asked == {}
