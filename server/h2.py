# SPDX-License-Identifier: Apache-2.0
"""A gRPC client over HTTP/2 as small as it can be, for tests that have to say what
no proper client would. Header fields are sent as literals, without Huffman codes;
those of the C core are understood (static and dynamic table, no Huffman codes)."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM = ACK = 1
END_HEADERS = 4

# RFC 7541, appendix A: the names, of which only :status has values that matter here
_NAMES = (":authority :method :method :path :path :scheme :scheme :status :status :status :status :status :status "
          ":status accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin age "
          "allow authorization cache-control content-disposition content-encoding content-language content-length "
          "content-location content-range content-type cookie date etag expect expires from host if-match "
          "if-modified-since if-none-match if-range if-unmodified-since last-modified link location max-forwards "
          "proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie "
          "strict-transport-security transfer-encoding user-agent vary via www-authenticate").split()
_STATUS = {8: "200", 9: "204", 10: "206", 11: "304", 12: "400", 13: "404", 14: "500"}
_STATIC = [None] + [(n, _STATUS.get(i, "")) for i, n in enumerate(_NAMES, 1)]


# --- protobuf ---------------------------------------------------------------------

def varint(v):
    out = bytearray()
    v &= (1 << 64) - 1
    while v >= 0x80:
        out.append(v & 0x7f | 0x80)
        v >>= 7
    out.append(v)
    return bytes(out)


def field(number, value):
    """One field of a protobuf message: an integer, or bytes (text, a message)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def message(payload, flag=0, length=None):
    """A message as gRPC frames it, or with a flag and a length that are lies."""
    return bytes([flag]) + struct.pack(">I", len(payload) if length is None else length) + payload


# --- HTTP/2 -----------------------------------------------------------------------

def frame(kind, flags, stream, payload=b"", length=None):
    n = len(payload) if length is None else length
    return struct.pack(">I", n)[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def _hpack_int(v, bits, first=0):
    most = (1 << bits) - 1
    if v < most:
        return bytes([first | v])
    return bytes([first | most]) + varint(v - most)


def header(name, value):
    name, value = (s.encode() if isinstance(s, str) else s for s in (name, value))
    return b"\x10" + _hpack_int(len(name), 7) + name + _hpack_int(len(value), 7) + value


def request_headers(path, extra=(), content_type="application/grpc", te="trailers"):
    out = header(":method", "POST") + header(":scheme", "http") + header(":path", path) + header(":authority", "x")
    if te:
        out += header("te", te)
    if content_type:
        out += header("content-type", content_type)
    return out + b"".join(header(k, v) for k, v in extra)


class _Decoder:
    def __init__(self):
        self.table = []

    @staticmethod
    def _int(b, at, bits):
        most = (1 << bits) - 1
        v, at, shift = b[at] & most, at + 1, 0
        if v < most:
            return v, at
        while True:
            v += (b[at] & 0x7f) << shift
            shift += 7
            at += 1
            if b[at - 1] < 0x80:
                return v, at

    def _text(self, b, at):
        assert b[at] < 0x80, "a Huffman code"
        n, at = self._int(b, at, 7)
        return b[at:at + n].decode("latin-1"), at + n

    def _entry(self, i):
        return _STATIC[i] if i < len(_STATIC) else self.table[i - len(_STATIC)]

    def decode(self, b):
        at, out = 0, []
        while at < len(b):
            first = b[at]
            if first & 0x80:
                i, at = self._int(b, at, 7)
                out.append(self._entry(i))
            elif first & 0xe0 == 0x20:
                _, at = self._int(b, at, 5)
            else:
                i, at = self._int(b, at, 6 if first & 0x40 else 4)
                name, at = (self._entry(i)[0], at) if i else self._text(b, at)
                value, at = self._text(b, at)
                out.append((name, value))
                if first & 0x40:
                    self.table.insert(0, (name, value))
        return out


class Stream:
    def __init__(self):
        self.data, self.headers, self.reset, self.done = b"", {}, None, False

    @property
    def result(self):
        """(grpc-status, grpc-message); ("reset", code) if that is how it ended."""
        if self.reset is not None:
            return "reset", self.reset
        return self.headers.get("grpc-status"), self.headers.get("grpc-message", "")


class Connection:
    def __init__(self, port, hello=True, timeout=20):
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.settimeout(timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest, self.next, self.streams, self.decoder = b"", 1, {}, _Decoder()
        self.closing = False  # a GOAWAY has come
        if hello:
            self.send(PREFACE + frame(SETTINGS, 0, 0) + frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30)))

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def _bytes(self, n):
        while len(self.rest) < n:
            more = self.sock.recv(1 << 20)
            if not more:
                raise EOFError("closed by the server")
            self.rest += more
        out, self.rest = self.rest[:n], self.rest[n:]
        return out

    def open(self, path, body, end=True, **headers):
        """Starts a call; body is what the DATA frames carry."""
        stream, self.next = self.next, self.next + 2
        self.streams[stream] = Stream()
        out = frame(HEADERS, END_HEADERS, stream, request_headers(path, **headers))
        while len(body) > 16384:
            out += frame(DATA, 0, stream, body[:16384])
            body = body[16384:]
        self.send(out + frame(DATA, END_STREAM if end else 0, stream, body))
        return stream

    def reset(self, stream):
        self.send(frame(RST_STREAM, 0, stream, struct.pack(">I", 8)))

    def step(self):
        """Takes in one frame."""
        head = self._bytes(9)
        kind, flags, number = head[3], head[4], int.from_bytes(head[5:], "big") & 0x7fffffff
        payload = self._bytes(int.from_bytes(head[:3], "big"))
        stream = self.streams.get(number, Stream())
        if kind == SETTINGS and not flags & ACK:
            self.send(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == GOAWAY:
            self.closing = True
        elif kind == HEADERS:
            stream.headers.update(self.decoder.decode(payload))
        elif kind == DATA and payload:
            stream.data += payload
            self.send(frame(WINDOW_UPDATE, 0, number, struct.pack(">I", len(payload))))
        elif kind == RST_STREAM:
            stream.reset = int.from_bytes(payload, "big")
        if number and (kind == RST_STREAM or (kind in (HEADERS, DATA) and flags & END_STREAM)):
            stream.done = True

    def wait(self, number):
        while not self.streams[number].done:
            self.step()
        return self.streams[number]

    def call(self, path, payload=b"", **headers):
        """A whole unary call; gives the Stream."""
        return self.wait(self.open(path, message(payload), **headers))
