"""The guarded client: whatever address a user names, nothing that is not public is ever connected to (bars.md T9)."""

from __future__ import annotations

import asyncio
import datetime
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from noillusion.core import loop
from noillusion.net import client as http
from noillusion.net import guarded as outbound
from noillusion.net.guarded import Refused, is_public
from noillusion.settings import source as settings

PUBLIC = "93.184.216.34"
LIMIT = 1_000
PATIENT_S = 30
"""How long a client waits where nothing falls silent: a busy machine takes its time."""
Wrap = Callable[[socket.socket], socket.socket]


@dataclass
class Listener:
    """A TCP server that counts who comes, and answers each request with what the path is mapped to."""

    port: int
    answers: dict[str, bytes] = field(default_factory=dict)
    connections: list[bytes] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)


def plain(connection: socket.socket) -> socket.socket:
    """No TLS."""
    return connection


@contextmanager
def listening(host: str = "127.0.0.1", port: int = 0, wrap: Wrap = plain) -> Iterator[Listener]:
    """A listener for the time of a block. An answer that ends in ``…`` keeps the connection open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.create_server((host, port), family=family)
    listener = Listener(server.getsockname()[1])
    held: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        connection.settimeout(5)
        listener.connections.append(connection.recv(4096, socket.MSG_PEEK))
        request = (stream := wrap(connection)).recv(65_536)
        listener.requests.append(request)
        path = request.decode("latin-1").partition(" ")[2].split(" ")[0].split("?")[0]
        answer = listener.answers.get(path, b"HTTP/1.1 404 Not Found\r\n\r\n")
        stream.sendall(answer.removesuffix("…".encode()))
        if answer.endswith("…".encode()):
            held.append(stream)
        else:
            stream.close()

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            try:
                serve(connection)
            except OSError:
                connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)
        for stream in held:
            stream.close()


@pytest.fixture
def client(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real client, closed afterwards."""
    made = httpx.AsyncClient(trust_env=False, timeout=PATIENT_S, transport=http.Transport(http.tls()))
    monkeypatch.setattr(http, "client", lambda: made)
    yield
    loop.run(made.aclose())


@pytest.fixture
def sent(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """The requests that would leave; each is answered with an empty 200."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(b""))

    made = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(http, "client", lambda: made)
    return requests


PORTS = outbound.PORTS


class AnyPort:
    """Contains every port."""

    def __contains__(self, _: object) -> bool:
        return True


@pytest.fixture(autouse=True)
def _any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of tests have the port they get; what may be reached at all must not depend on it."""
    monkeypatch.setattr(outbound, "PORTS", AnyPort())


@pytest.mark.parametrize("port", [80, 22, 8443, 6379, 0, 65_535])
def test_only_the_port_of_https_is_reached(
    sent: list[httpx.Request], names: DNS, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(outbound, "PORTS", PORTS)
    asked = names([PUBLIC])
    assert refusal(f"https://media.example:{port}/a.jpg") == "port_not_allowed"
    assert (sent, asked) == ([], [])
    fetch("https://media.example:443/a.jpg")
    fetch("https://media.example/a.jpg")
    assert [request.url.port for request in sent] == [None, None]


def test_a_redirect_to_another_port_is_not_followed(source: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "PORTS", PORTS)
    source.answers["/"] = redirect("https://media.example:8443/")
    assert refusal("https://media.example/") == "port_not_allowed"
    assert len(source.requests) == 1


def test_an_allowance_counts_redirects_too(source: Listener) -> None:
    source.answers |= {"/a": redirect("/b"), "/b": redirect("/c"), "/c": http_answer(b"", content_length="0")}

    async def opened(allowance: outbound.Allowance) -> None:
        async with outbound.open_url("https://media.example/a", limit=LIMIT, allowance=allowance):
            return

    for allowance in (outbound.Allowance(2, 10), outbound.Allowance(10, 2)):
        with pytest.raises(Refused, match="not_looked_at"):
            loop.run(opened(allowance))
    assert len(source.requests) == 4
    loop.run(opened(outbound.Allowance(3, 3)))


DNS = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> DNS:
    """Answers of the DNS, one list of addresses per question; the names that were asked for are returned."""

    def answer(*answers: Sequence[str]) -> list[str]:
        left, asked = list(answers), []

        def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[object]:
            asked.append(host)
            found = left.pop(0) if len(left) > 1 else left[0]
            if not found:
                raise socket.gaierror(socket.EAI_NONAME, "not known")
            return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return answer


def fetch(url: str, limit: int = LIMIT) -> bytes:
    """The body at an address."""

    async def go() -> bytes:
        async with asyncio.timeout(10), outbound.open_url(url, limit=limit) as source:
            return b"".join([chunk async for chunk in source.chunks()])

    return loop.run(go())


def refusal(url: str, limit: int = LIMIT) -> str:
    """The code with which an address is refused. The refusal repeats nothing of it."""
    with pytest.raises(Refused) as refused:
        fetch(url, limit)
    assert str(refused.value) == refused.value.code
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value.code


def http_answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of an answer. It says that the connection ends with it: a client might send its next request on a dying one."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {"connection": "close", **headers}.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


PRIVATE = [
    *("0.0.0.0", "10.0.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("100.64.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%1", "fc00::1", "fd00:ec2::254"),
    *("fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "100::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1"),
    *("::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::"),
    *("2002:a9fe:a9fe::1", "2002:c0a8:101::", "2001:0:808:808:8000:63bf:80ff:fffe", "2001:0:4136:e378:8000:63bf:f5ff:fffe"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_T9_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_T9_a_name_that_leads_to_a_private_address_is_refused(sent: list[httpx.Request], names: DNS, address: str) -> None:
    names([address])
    assert refusal("https://innocent.example/photo.jpg") == "address_not_public"
    names([PUBLIC, address])
    assert refusal("https://innocent.example/photo.jpg") == "address_not_public"
    assert sent == []


LOOPBACK_SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.0.0.1", "0177.0.0.1", "017700000001", "0x7f.1"),
    *("127.0.0.1.", "0", "0.0.0.0", "000127.0.0.1", "localhost", "LOCALHOST", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::1%251]", "[::1%lo]"),
    *("１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "loc%61lhost", "%31%32%37.0.0.1", "127.0.0.1%00.example.com", "[fe80::1%1]"),
]


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_T9_no_spelling_of_loopback_is_ever_connected_to(client: None, host: str) -> None:
    with listening() as forbidden:
        refusal(f"https://{host}:{forbidden.port}/latest/meta-data")
        refusal(f"https://{host}:{forbidden.port}")
        assert forbidden.connections == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://{host}/", "https_required"),
        ("HTTP://{host}/", "https_required"),
        ("file:///etc/passwd", "invalid_url"),
        ("file://{host}/etc/passwd", "https_required"),
        ("ftp://{host}/", "https_required"),
        ("gopher://{host}/_GET", "https_required"),
        ("data:text/plain,hello", "invalid_url"),
        ("javascript:alert(1)", "invalid_url"),
        ("//{host}/", "https_required"),
        ("{host}/", "invalid_url"),
        ("", "invalid_url"),
        ("https://", "invalid_url"),
        ("https:///x", "invalid_url"),
        ("https://user@{host}/", "invalid_url"),
        ("https://user:word@{host}/", "invalid_url"),
        ("https://@{host}/", "invalid_url"),
        ("https://public.example\\@{host}/", "invalid_url"),
        ("https://public.example%40{host}/", None),
        ("https://public.example#@{host}/", None),
        ("https://public.example?@{host}/", None),
        ("https://{host}:99999/", "invalid_url"),
        ("https://{host}:x/", "invalid_url"),
        ("https://[::1/", "invalid_url"),
        ("https://[x]/", "invalid_url"),
        ("https://a\x00b/", None),
        ("https://" + "a" * 70 + ".example/", "unresolvable"),
        ("https://{host}\r\nx: y/", None),
    ],
)
def test_T9_other_schemes_user_names_and_odd_forms_are_refused(client: None, names: DNS, url: str, code: str | None) -> None:
    with listening() as forbidden:
        host = f"127.0.0.1:{forbidden.port}"
        if code != "unresolvable":
            names(["127.0.0.1"])
        given = refusal(url.replace("{host}", host))
        assert code in (given, None)
        assert forbidden.connections == []


def test_a_name_that_is_not_known_is_unresolvable(sent: list[httpx.Request], names: DNS) -> None:
    names([])
    assert refusal("https://nowhere.example/") == "unresolvable"
    assert sent == []


def test_a_slow_name_server_is_not_waited_for(sent: list[httpx.Request], monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(outbound, "RESOLVE_TIMEOUT_S", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait(5) and [])
    try:
        assert refusal("https://slow.example/") == "unresolvable"
    finally:
        release.set()
    assert sent == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111"])
def test_T9_the_checked_address_is_the_one_that_is_connected_to(sent: list[httpx.Request], names: DNS, address: str) -> None:
    asked = names([address], ["127.0.0.1"])
    fetch("https://Media.Example:8443/a/b.jpg?x=1&y=%20")
    (request,) = sent
    assert (request.url.host, request.url.port, request.url.raw_path) == (address, 8443, b"/a/b.jpg?x=1&y=%20")
    assert (request.headers["host"], request.extensions["sni_hostname"]) == ("media.example:8443", "media.example")
    assert asked == ["media.example"]


def test_E4_the_body_is_asked_for_as_it_is_and_nothing_tells_who_asks(sent: list[httpx.Request], names: DNS) -> None:
    names([PUBLIC])
    fetch("https://media.example/")
    assert sent[0].headers["accept-encoding"] == "identity"
    assert not {"authorization", "cookie", "referer"} & set(sent[0].headers)


def test_T9_a_name_that_changes_its_answer_reaches_only_the_checked_address(
    client: None, names: DNS, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 127.0.0.1 plays the public address here, 127.0.0.2 the private one that the name changes to.
    monkeypatch.setattr(outbound, "is_public", lambda address: address == "127.0.0.1")
    with listening("127.0.0.1") as public, listening("127.0.0.2", public.port) as forbidden:
        names(["127.0.0.1"], ["127.0.0.2"])
        assert refusal(f"https://rebind.example:{public.port}/") == "unreachable"
        assert b"rebind.example" in public.connections[0]
        assert refusal(f"https://rebind.example:{public.port}/") == "address_not_public"
        assert len(public.connections) == 1 and forbidden.connections == []


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for ``name`` and a client's that trusts it and nothing else."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = signed.public_bytes(serialization.Encoding.PEM)
    unencrypted = serialization.NoEncryption()
    both = folder / "server.pem"
    both.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted) + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cadata=pem.decode())


def test_pinning_an_address_does_not_weaken_the_check_of_the_name(
    deployment: Path, tmp_path: Path, names: DNS, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, trusting = certificate("good.example", tmp_path)
    made = httpx.AsyncClient(trust_env=False, timeout=PATIENT_S, transport=http.Transport(trusting))
    monkeypatch.setattr(http, "client", lambda: made)
    monkeypatch.setattr(outbound, "is_public", lambda _: True)
    names(["127.0.0.1"])
    with listening(wrap=lambda connection: server.wrap_socket(connection, server_side=True)) as listener:
        listener.answers["/"] = http_answer(b"hello", content_length="5")
        assert fetch(f"https://good.example:{listener.port}/") == b"hello"
        assert refusal(f"https://other.example:{listener.port}/") == "unreachable"
        assert len(listener.connections) == 2 and len(listener.requests) == 1
    loop.run(made.aclose())


SPELLINGS = [
    ("straße.example", "xn--strae-oqa.example"),
    ("STRASSE.example", "strasse.example"),
    ("Bücher.Example", "xn--bcher-kva.example"),
    ("bu\u0308cher.example", "xn--bcher-kva.example"),
    ("xn--strae-oqa.example", "xn--strae-oqa.example"),
    ("ΣΊΣΥΦΟΣ.example", "xn--kxa6akbbkh.example"),
    ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
    ("media.example.", "media.example"),
    ("a_b.example", "a_b.example"),
]


@pytest.mark.parametrize(("host", "name"), SPELLINGS)
def test_E3_a_host_has_one_name_for_its_address_tls_and_itself(
    sent: list[httpx.Request], names: DNS, host: str, name: str
) -> None:
    asked = names([PUBLIC])
    fetch(f"https://{host}:8443/ä?ß=1")
    (request,) = sent
    assert asked == [name]
    assert (request.headers["host"], request.extensions["sni_hostname"]) == (f"{name}:8443", name)
    assert (request.url.host, request.url.raw_path) == (PUBLIC, b"/%C3%A4?%C3%9F=1")


@pytest.mark.parametrize("host", ["a\u200db.example", "☃.example", "-ü.example", "ü" * 70 + ".example", "ü..example", "ü\u0000"])
def test_E3_what_is_no_name_by_idna_2008_is_refused(sent: list[httpx.Request], names: DNS, host: str) -> None:
    asked = names([PUBLIC])
    assert refusal(f"https://{host}/") == "invalid_url"
    assert asked == [] and sent == []


def test_E3_spellings_of_a_name_share_one_allowance(sent: list[httpx.Request], names: DNS) -> None:
    names([PUBLIC])
    allowance = outbound.Allowance(10, 2)

    async def ask(host: str) -> None:
        async with outbound.open_url(f"https://{host}/", limit=LIMIT, allowance=allowance):
            pass

    loop.run(ask("straße.example"))
    loop.run(ask("STRAßE.example."))
    with pytest.raises(Refused, match="not_looked_at"):
        loop.run(ask("xn--strae-oqa.example"))
    assert len(sent) == 2


def trusted(monkeypatch: pytest.MonkeyPatch, trusting: ssl.SSLContext) -> httpx.AsyncClient:
    """A client that trusts one certificate and takes loopback for public."""
    made = httpx.AsyncClient(trust_env=False, timeout=PATIENT_S, transport=http.Transport(trusting))
    monkeypatch.setattr(http, "client", lambda: made)
    monkeypatch.setattr(outbound, "is_public", lambda _: True)
    return made


def test_E3_the_certificate_is_checked_for_the_name_that_is_resolved(
    deployment: Path, tmp_path: Path, names: DNS, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, trusting = certificate("xn--strae-oqa.example", tmp_path)
    made = trusted(monkeypatch, trusting)
    asked = names(["127.0.0.1"])
    with listening(wrap=lambda connection: server.wrap_socket(connection, server_side=True)) as listener:
        listener.answers["/"] = http_answer(b"hello", content_length="5")
        assert fetch(f"https://straße.example:{listener.port}/") == b"hello"
        assert refusal(f"https://strasse.example:{listener.port}/") == "unreachable"
        assert f"host: xn--strae-oqa.example:{listener.port}".encode() in listener.requests[0].lower()
    assert asked == ["xn--strae-oqa.example", "strasse.example"]
    loop.run(made.aclose())


def test_E3_a_connection_that_is_open_for_one_name_does_not_serve_another(
    deployment: Path, tmp_path: Path, names: DNS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both names have the same address, and the server would keep the connection open."""
    server, trusting = certificate("good.example", tmp_path)
    made = trusted(monkeypatch, trusting)
    names(["127.0.0.1"])
    with listening(wrap=lambda connection: server.wrap_socket(connection, server_side=True)) as listener:
        listener.answers["/"] = http_answer(b"hello", content_length="5", connection="keep-alive") + "…".encode()
        assert fetch(f"https://good.example:{listener.port}/") == b"hello"
        assert refusal(f"https://other.example:{listener.port}/") == "unreachable"
        assert len(listener.connections) == 2
    loop.run(made.aclose())


def own_client(monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    """A client as the product makes it, of this test's own."""
    made: httpx.AsyncClient = http.client.__wrapped__()
    monkeypatch.setattr(http, "client", lambda: made)
    return made


def test_proxies_of_the_environment_are_not_used(deployment: Path, names: DNS, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        made = own_client(monkeypatch)
        assert not made.trust_env and made._mounts == {}
        monkeypatch.setattr(outbound, "is_public", lambda _: True)
        names(["127.0.0.1"])
        with listening() as source:
            assert refusal(f"https://media.example:{source.port}/") == "unreachable"
            assert len(source.connections) == 1
        loop.run(made.aclose())
        assert proxy.connections == []


def test_no_cookie_of_one_call_is_sent_with_the_next(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = own_client(monkeypatch)
    with listening() as listener:
        listener.answers["/"] = http_answer(set_cookie="session=marker; Path=/", content_length="0")
        for _ in range(2):
            assert loop.run(_status(f"http://127.0.0.1:{listener.port}/")) == 200
        assert len(listener.requests) == 2
        assert not any(b"cookie" in request.lower() for request in listener.requests)
    loop.run(made.aclose())


async def _status(url: str) -> int:
    return (await http.client().get(url)).status_code


@pytest.fixture
def source(client: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A server that the operator's settings put in the place of https://media.example."""
    with listening() as listener:
        monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": f"http://127.0.0.1:{listener.port}"}))
        settings.settings.forget()
        yield listener


@pytest.mark.parametrize(
    "path", ["/../_control/", "/%2e%2e/_control/", "/..\\_control/", "/x/../../_control/", "//../../_control/"]
)
def test_a_mapped_host_is_the_folder_it_is_mapped_to_and_nothing_above_it(
    source: Listener, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": f"http://127.0.0.1:{source.port}/_media"}))
    settings.settings.forget()
    source.answers["/_control/"] = http_answer(b"secret")
    assert refusal(f"https://media.example{path}") == "http_404"
    source.answers["/_media/from"] = redirect(f"https://media.example{path}")
    assert refusal("https://media.example/from") == "http_404"
    assert all(request.split(b" ")[1].startswith(b"/_media/") for request in source.requests)


def redirect(location: str) -> bytes:
    """A redirect with an empty body."""
    return http_answer(status="302 Found", location=location, content_length="0")


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("https://127.0.0.1:{port}/", "address_not_public"),
        ("https://[::1]:{port}/", "address_not_public"),
        ("https://0x7f000001:{port}/", "address_not_public"),
        ("//127.0.0.1:{port}/", "address_not_public"),
        ("https://169.254.169.254/latest/meta-data", "address_not_public"),
        ("http://127.0.0.1:{port}/", "https_required"),
        ("http://media.example/", "https_required"),
        ("file:///etc/passwd", "invalid_url"),
        ("https://user@127.0.0.1:{port}/", "invalid_url"),
        ("https://127.0.0.1]:{port}/", "invalid_url"),
        ("https://127.0.0.1:x/", "unreachable"),
    ],
)
def test_T9_a_redirect_is_checked_like_the_address_itself(source: Listener, location: str, code: str) -> None:
    with listening() as forbidden:
        source.answers["/"] = redirect(location.replace("{port}", str(forbidden.port)))
        assert refusal("https://media.example/") == code
        assert forbidden.connections == [] and len(source.requests) == 1


def test_a_redirect_is_followed_to_its_end(source: Listener) -> None:
    source.answers |= {"/a": redirect("b?x=1"), "/b": redirect("https://media.example/c"), "/c": redirect("/d")}
    source.answers["/d"] = http_answer(b"there", content_length="5")
    assert fetch("https://media.example/a") == b"there"
    assert [request.split(b" ")[1] for request in source.requests] == [b"/a", b"/b?x=1", b"/c", b"/d"]


def test_redirects_without_end_are_left_after_three(source: Listener) -> None:
    source.answers |= {"/": redirect("/other"), "/other": redirect("/")}
    assert refusal("https://media.example/") == "too_many_redirects"
    assert len(source.requests) == 1 + outbound.MAX_REDIRECTS


@pytest.mark.parametrize(
    "status",
    ["204 No Content", "206 Partial Content", "304 Not Modified", "403 Forbidden", "404 Not Found", "500 Oops", "302 Found"],
)
def test_anything_but_a_200_is_refused_by_its_status(source: Listener, status: str) -> None:
    source.answers["/"] = http_answer(status=status, content_length="0")
    assert refusal("https://media.example/") == f"http_{status[:3]}"


def test_a_body_that_says_it_is_too_large_is_not_read(source: Listener) -> None:
    source.answers["/"] = http_answer(content_length=str(LIMIT + 1)) + "…".encode()
    assert refusal("https://media.example/") == "too_large"


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "until the end"])
def test_a_body_that_turns_out_too_large_is_cut(source: Listener, chunked: bool) -> None:
    body = b"x" * (LIMIT + 1)
    if chunked:
        source.answers["/"] = http_answer(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n", transfer_encoding="chunked")
    else:
        source.answers["/"] = http_answer(body)
    assert refusal("https://media.example/") == "too_large"
    assert fetch("https://media.example/", limit=LIMIT + 1) == body


def test_compressed_bytes_are_passed_on_and_never_expanded(source: Listener) -> None:
    body = b"\x1f\x8b" + b"\x00" * 50
    source.answers["/"] = http_answer(body, content_encoding="gzip", content_length=str(len(body)))
    assert fetch("https://media.example/") == body


def test_a_body_that_ends_early_is_interrupted(source: Listener) -> None:
    source.answers["/"] = http_answer(b"x" * 10, content_length="20")
    assert refusal("https://media.example/") == "interrupted"


def test_a_body_that_stops_flowing_is_interrupted(source: Listener) -> None:
    http.client().timeout = httpx.Timeout(2)
    source.answers["/"] = http_answer(b"x" * 10, content_length="20") + "…".encode()
    assert refusal("https://media.example/") == "interrupted"


@pytest.mark.parametrize("answer", ["…".encode(), b"HTTP/1.1 200 OK\r\n" + "…".encode(), b"SSH-2.0-server\r\n", b""])
def test_a_server_that_does_not_answer_properly_is_unreachable(source: Listener, answer: bytes) -> None:
    http.client().timeout = httpx.Timeout(0.5)
    source.answers["/"] = answer
    assert refusal("https://media.example/") == "unreachable"


def test_a_closed_port_is_unreachable(source: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": f"http://127.0.0.1:{port}"}))
    settings.settings.forget()
    assert refusal("https://media.example/") == "unreachable"


def test_what_the_source_says_about_itself_is_told(source: Listener) -> None:
    source.answers["/"] = http_answer(b"12345", content_type="Image/JPEG; charset=x", content_length="5")
    source.answers["/bare"] = http_answer(b"12345")

    async def told(path: str) -> tuple[int, str, int | None]:
        async with outbound.open_url(f"https://media.example{path}", limit=LIMIT) as opened:
            return opened.status, opened.content_type, opened.length

    assert loop.run(told("/")) == (200, "image/jpeg", 5)
    assert loop.run(told("/bare")) == (200, "", None)
