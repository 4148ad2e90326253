#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bin/etcd among enemies: messages, frames, flags and files that make no sense, a
disk that takes no more, a stop in the middle of everything. It must not crash,
leak, hang, or forget what it has acknowledged, and has to say what is wrong.

    robust_test.py [WORD...]        SEED=n in the environment"""

import base64
import glob
import json
import os
import random
import resource
import shutil
import struct
import subprocess
import tempfile
import threading
import time

import h2
import testlib
from h2 import Connection, field, frame, message
from kill_test import wal_end
from testlib import OURS, Server, b64, equal

SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))
KV = "/etcdserverpb.KV/"
PUT, RANGE, TXN, COMPACT = (KV + name for name in ("Put", "Range", "Txn", "Compact"))
K, V = field(1, "k"), field(2, "v")
MALFORMED = ("13", "grpc: error unmarshalling request: unexpected EOF")
NO_KEY = ("3", "etcdserver: key is not provided")


def fds(server):
    return len(os.listdir("/proc/%d/fd" % server.proc.pid))


def rss_kb(server):
    with open("/proc/%d/status" % server.proc.pid) as f:
        return int(next(line for line in f if line.startswith("VmRSS")).split()[1])


def until(condition, what, seconds=10):
    end = time.time() + seconds * testlib.SLOW
    while not condition():
        assert time.time() < end, what
        time.sleep(0.01)


def expect_served(server):
    """A client that behaves is served."""
    with Connection(server.port) as c:
        equal("0", c.call(PUT, field(1, "honest") + V).result[0])
        assert b"honest" in c.call(RANGE, field(1, "honest")).data
    equal(200, server.http("GET", "/health")[0])


def nested_txn(depth):
    txn = b""
    for _ in range(depth):
        txn = field(2, field(4, txn))
    return txn


# --- gRPC -----------------------------------------------------------------------------

# name, path, DATA, result, header fields
MESSAGES = [
    ("a put", PUT, message(K + V), ("0", ""), {}),
    ("no field", PUT, message(b""), NO_KEY, {}),
    ("garbage", PUT, message(b"\xff" * 20), MALFORMED, {}),
    ("a field cut off", PUT, message(field(1, "abcdef")[:-2]), MALFORMED, {}),
    ("a length beyond 64 bits", PUT, message(b"\x0a" + b"\xff" * 11), MALFORMED, {}),
    ("unknown fields", PUT, message(K + V + field(100, "x") + field(2000, 7)), ("0", ""), {}),
    ("a wrong wire type", PUT, message(field(1, 5)), MALFORMED, {}),
    ("unknown enum values", RANGE, message(K + field(5, 77) + field(6, 99)), ("0", ""), {}),
    ("a negative limit", RANGE, message(K + field(3, -1)), ("0", ""), {}),
    ("an unknown comparison", TXN, message(field(1, field(1, 77) + field(2, 99) + field(3, "k"))), ("0", ""), {}),
    ("an operation that is none", TXN, message(field(2, b"")), ("3", "etcdserver: key not found"), {}),
    ("txns in txns", TXN, message(nested_txn(60)), ("0", ""), {}),
    ("txns, thousands deep", TXN, message(nested_txn(5000)),
     ("3", "etcdserver: too many operations in txn request"), {}),
    ("compaction of the future", COMPACT, message(field(1, 1 << 40)),
     ("11", "etcdserver: mvcc: required revision is a future revision"), {}),
    ("a message too few", PUT, b"", MALFORMED, {}),
    ("a message too many", PUT, message(K) * 2, ("0", ""), {}),
    ("a length too long", PUT, message(K, 0, 1000), MALFORMED, {}),
    ("a length of 4 GiB", PUT, message(K, 0, 0xffffffff), MALFORMED, {}),
    ("a length too short", PUT, message(field(1, "abcdefg"), 0, 3), MALFORMED, {}),
    ("compressed, it says", PUT, message(b"\x1f\x8bjunk", 1), ("reset", 2), {"extra": [("grpc-encoding", "gzip")]}),
    ("an unknown method", KV + "Nope", message(b""), ("12", "unknown method Nope for service etcdserverpb.KV"), {}),
    ("an unknown service", "/a.b/C", message(b""), ("12", "unknown service a.b"), {}),
    ("no method", "nope", message(b""), ("8", 'malformed method name: "nope"'), {}),
    ("a long path", "/" + "x" * 10000 + "/y", message(b""), ("12", "unknown service " + "x" * 400), {}),
    ("no te", PUT, message(K), ("2", "Missing :te header"), {"te": None}),
    ("much metadata", PUT, message(K), ("0", ""), {"extra": [("x%d" % i, "y" * 100) for i in range(100)]}),
]


def test_messages():
    with Server() as s:
        for name, path, body, want, headers in MESSAGES:
            with Connection(s.port) as c:
                equal(want, c.wait(c.open(path, body, **headers)).result, name)
        # what the client does not finish it gets no answer to
        with Connection(s.port) as c:
            c.open(PUT, message(K, 0, 1000), end=False)
            equal("0", c.call(PUT, K).result[0])
        for deadline in ("1n", "-1S", "99999999999999999999H", ""):
            with Connection(s.port) as c:
                c.call(PUT, K + V, extra=[("grpc-timeout", deadline)])
        expect_served(s)


def test_frames():
    """Frames at random and out of place; each on a connection of its own."""
    print("SEED=%d" % SEED)
    rng = random.Random(SEED)
    start = h2.request_headers(PUT)
    odd = [
        b"\xff" * 100,
        frame(h2.CONTINUATION, 0, 7, b"x" * 100),
        frame(h2.DATA, 0, 0, b"x"),
        frame(h2.DATA, 1, 99, message(K)),
        frame(h2.HEADERS, 5, 2, start),
        frame(h2.HEADERS, 5, 0, start),
        frame(h2.HEADERS, 0, 1, start) + frame(h2.PING, 0, 0, b"12345678"),
        frame(h2.HEADERS, 5, 1, start[:10]),
        frame(h2.HEADERS, 5, 1, b"\xff\xff\xff\xff\xff\xff\xff"),
        frame(h2.HEADERS, 5, 1, b"\x3f\xff\xff\xff\x7f"),
        frame(h2.HEADERS, 0x2c, 1, b"\xff" + start),
        frame(h2.SETTINGS, 0, 0, b"12345"),
        frame(h2.SETTINGS, 0, 0, struct.pack(">HI", 4, 0xffffffff)),
        frame(h2.SETTINGS, 0, 0, b"", length=0xffffff),
        frame(h2.PING, 0, 0, b"short"),
        frame(h2.WINDOW_UPDATE, 0, 0, bytes(4)),
        frame(h2.WINDOW_UPDATE, 0, 0, struct.pack(">I", 0x7fffffff)) * 2,
        frame(h2.PUSH_PROMISE, 4, 1, bytes(4) + start),
        frame(h2.GOAWAY, 0, 0, bytes(8)),
        frame(h2.RST_STREAM, 0, 1, bytes(4)),
        frame(0x77, 0xff, 0x7fffffff, b"x" * 50),
        b"".join(frame(h2.HEADERS, 0, 1, b"") + frame(h2.CONTINUATION, 0, 1, b"") * 200 for _ in range(5)),
        frame(h2.PING, 0, 0, b"12345678") * 500,
        frame(h2.SETTINGS, 0, 0, b"") * 500,
    ]
    for _ in range(100):
        odd.append(b"".join(frame(rng.randrange(12), rng.randrange(256), rng.choice((0, 1, 1, 2, 3, rng.getrandbits(31))),
                                  rng.choice((b"", start, message(K), rng.randbytes(rng.randrange(40)))))
                            for _ in range(rng.randrange(1, 8))))
    with Server() as s:
        before = fds(s)
        for data in odd:
            with Connection(s.port, timeout=0.03) as c:
                try:
                    c.send(data)
                    c.open(PUT, message(K))
                    while True:  # until it closes, or has nothing more to say
                        c.step()
                except (OSError, EOFError, AssertionError, IndexError, UnicodeError):
                    pass
        expect_served(s)
        until(lambda: fds(s) <= before, "file descriptors are lost: %d, now %d" % (before, fds(s)))


def test_streams():
    """A thousand calls at once on one connection, some thousands that are taken back
    at once, and a thousand that never go on."""
    with Server() as s:
        with Connection(s.port) as c:
            calls = [c.open(PUT, message(field(1, "k%d" % i) + V)) for i in range(1000)]
            for call in calls:
                equal("0", c.wait(call).result[0])
            level = None
            for _ in range(4):
                for i in range(1500):
                    c.reset(c.open(PUT, message(K + field(2, "v" * 100))))
                    if i % 50 == 49:
                        equal("0", c.call(RANGE, K).result[0])
                level = level or rss_kb(s)
            if testlib.SLOW == 1:  # a sanitizer keeps what was freed
                assert rss_kb(s) < level + 20000, (level, rss_kb(s))
            with Connection(s.port) as other:
                for _ in range(1000):
                    other.open(PUT, message(K, 0, 1000), end=False)
                equal("0", c.call(RANGE, K).result[0])
                expect_served(s)
        # what raft has to say about so many saves under way is not for the log
        assert len(s.log_lines()) < 50, s.log_text()[-2000:]


def test_connections_leave_nothing():
    hello = h2.PREFACE + frame(h2.SETTINGS, 0, 0)
    start = frame(h2.HEADERS, h2.END_HEADERS, 1, h2.request_headers(PUT))
    kinds = (b"", b"P", b"PR", h2.PREFACE[:10], h2.PREFACE, hello, hello + start, hello + start + b"\0",
             hello + start + frame(h2.DATA, 0, 1, message(b"", 0, 100)), b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\n",
             b"POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
    with Server() as s:
        expect_served(s)
        before = fds(s)
        for _ in range(3):
            open_now = []
            for i in range(40 * len(kinds)):
                c = Connection(s.port, hello=False)
                c.send(kinds[i % len(kinds)])
                open_now.append(c)
            expect_served(s)
            for c in open_now:
                c.sock.close()
            # not all at once: some are noticed by the end of a time limit only
            until(lambda: fds(s) <= before + 2, "file descriptors are lost: %d, now %d" % (before, fds(s)))


# --- flags ----------------------------------------------------------------------------

NUMBERS = ("-1", "", " 1", "1.5", "abc", "99999999999999999999", "4294967296")
URLS = ("", ",", "abc", "http://", "http://1", "http://127.0.0.1", "http://127.0.0.1:99999", "http://127.0.0.1:-1",
        "http://127.0.0.1:1/path", "http://[::1", "http://[::1]:x", "https://127.0.0.1:1", "unix://x", "/etc")
WRONG = {
    "heartbeat-interval": NUMBERS + ("0", "2147483647"),
    "election-timeout": NUMBERS + ("0", "1", "2147483647"),
    "max-txn-ops": NUMBERS,
    "max-request-bytes": NUMBERS,
    "listen-client-urls": URLS + ("http://example.invalid:1",),
    "listen-peer-urls": URLS + ("http://example.invalid:1",),
    "advertise-client-urls": URLS,
    "initial-advertise-peer-urls": URLS,
    "initial-cluster": (",", "a", "=", "a=b", "default=", "a=http://127.0.0.1:1", "default=http://127.0.0.1:1"),
    "initial-cluster-state": ("", "old", "existing"),
    "name": ("", "a,b", "a=b"),
    "data-dir": ("/dev/null", "/proc/none", "x" * 5000),
    "wal-dir": ("/dev/null", "/proc/none"),
    "log-level": ("", "INFO", "x", "0"),
    "log-outputs": ("/", "/proc/none/x"),
    "logger": ("", "capnslog", "%s%n"),
    "pre-vote": ("maybe", "2"),
    "config-file": ("/etc/passwd",),
    "cert-file": ("x",),
}


def test_wrong_values():
    """Each is one clear line, and status 1, from the flag as from the environment."""
    scratch = tempfile.mkdtemp(prefix="raftlab-")

    def check(args, env, what):
        p = subprocess.run([OURS] + args, env=dict(env, PATH=os.environ["PATH"]), cwd=scratch, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
        lines = p.stderr.decode("utf-8", "replace").splitlines()
        equal((1, b""), (p.returncode, p.stdout), what)
        if lines[-1].startswith("{"):
            equal("fatal", json.loads(lines[-1])["level"], what)
        else:
            assert len(lines) == 1 and lines[0].startswith("etcd: ") and len(lines[0]) < 5500, (what, lines)

    try:
        for name, values in WRONG.items():
            for value in values:
                url = "http://127.0.0.1:%d" % testlib.free_port()
                peer = "http://127.0.0.1:%d" % testlib.free_port()
                flags = {"data-dir": "d", "listen-client-urls": url, "advertise-client-urls": url,
                         "listen-peer-urls": peer, "initial-advertise-peer-urls": peer}
                flags.pop(name, None)
                args = ["--%s=%s" % f for f in flags.items()]
                check(args + ["--%s=%s" % (name, value)], {}, (name, value))
                variable = "ETCD_" + name.upper().replace("-", "_")
                if value:  # an empty variable is none
                    check(args, {variable: value}, (variable, value))
    finally:
        shutil.rmtree(scratch)


# --- files ----------------------------------------------------------------------------

def overwrite(path, at, data):
    with open(path, "r+b") as f:
        f.seek(at)
        f.write(data)


def flip(path, at):
    with open(path, "rb") as f:
        f.seek(at)
        byte = f.read(1)[0]
    overwrite(path, at, bytes([byte ^ 1]))


# name, what is done (member directory, WAL file, end of its records), and what is in
# the last line of the log; None: it starts, and all is there
DAMAGES = [
    ("WAL: empty", lambda m, w, end: os.truncate(w, 0), "the segment has no head"),
    ("WAL: cut inside the head", lambda m, w, end: os.truncate(w, 30), "is corrupt"),
    ("WAL: cut early", lambda m, w, end: os.truncate(w, end // 3), "lost entries that were acknowledged"),
    ("WAL: cut behind the end", lambda m, w, end: os.truncate(w, end + 8), None),
    ("WAL: head wiped out", lambda m, w, end: overwrite(w, 0, bytes(512)), "the segment has no head"),
    ("WAL: a bit of a length", lambda m, w, end: flip(w, 0), "malformed length field"),
    ("WAL: a bit of the last record", lambda m, w, end: flip(w, end - 100), "CRC mismatch"),
    ("WAL: a bit of its padding", lambda m, w, end: flip(w, end - 1), "is corrupt"),
    ("WAL: a bit in the middle", lambda m, w, end: flip(w, end // 2), "is corrupt"),
    ("WAL: some zeros in the middle", lambda m, w, end: overwrite(w, end // 2, bytes(10)), "is corrupt"),
    ("WAL: removed", lambda m, w, end: os.unlink(w), "there is no WAL"),
    ("WAL: a file, no directory", lambda m, w, end: (shutil.rmtree(m + "/wal"), open(m + "/wal", "w").close()),
     "there is no WAL"),
    ("WAL: a directory, no file", lambda m, w, end: (os.unlink(w), os.mkdir(w)), "Is a directory"),
    ("WAL: one is missing", lambda m, w, end: shutil.copy(w, m + "/wal/%016x-%016x.wal" % (2, 500)), "does not follow"),
    ("WAL: one number twice", lambda m, w, end: shutil.copy(w, m + "/wal/%016x-%016x.wal" % (0, 500)), "does not follow"),
    ("WAL: another's", lambda m, w, end: shutil.copy(w, m + "/wal/%016x-%016x.wal" % (1, 500)), "does not continue"),
    ("foreign files", lambda m, w, end: [open(m + name, "w").close() for name in (
        "/x", "/wal/x.txt", "/wal/0.tmp", "/wal/x.wal", "/wal/.wal", "/snap/0-0.snap")], None),
    ("database: empty", lambda m, w, end: os.truncate(m + "/snap/db", 0), None),
    ("database: gone", lambda m, w, end: shutil.rmtree(m + "/snap"), None),
    ("database: one page", lambda m, w, end: os.truncate(m + "/snap/db", 4096), "cannot open the database"),
    ("database: two pages", lambda m, w, end: os.truncate(m + "/snap/db", 8192), "cannot open the database"),
    ("database: cut in the middle", lambda m, w, end: os.truncate(
        m + "/snap/db", os.path.getsize(m + "/snap/db") // 8192 * 4096), "database"),
    ("database: text", lambda m, w, end: overwrite(m + "/snap/db", 0, b"no database " * 1000), "cannot open the database"),
    ("lock file: garbage", lambda m, w, end: overwrite(m + "/snap/db-lock", 0, b"x" * 8192), None),
    ("member: a file", lambda m, w, end: (shutil.rmtree(m), open(m, "w").close()), "Not a directory"),
]


def test_damaged_files():
    scratch = tempfile.mkdtemp(prefix="raftlab-")
    try:
        with Server() as s:
            for i in range(300):
                s.put("k%d" % i, "v" * 200)
            s.kill()
            for name, damage, want in DAMAGES:
                copy = tempfile.mkdtemp(dir=scratch)
                shutil.copytree(s.dir + "/data", copy + "/data")
                member = copy + "/data/member"
                (wal,) = glob.glob(member + "/wal/*.wal")
                damage(member, wal, wal_end(wal))
                with Server(data_dir=copy, wait=want is None) as other:
                    if want is None:
                        equal("300", other.range("k", range_end=b64("l"), count_only=True)[1]["count"], name)
                    else:
                        equal(1, other.proc.wait(20 * testlib.SLOW), name)
                        last = json.loads(other.log_text().splitlines()[-1])
                        assert last["level"] == "fatal" and want in json.dumps(last), (name, last)
    finally:
        shutil.rmtree(scratch)


def test_disk_that_takes_no_more():
    """A limit on the size of files stands for a full disk. (It also holds for the
    log, which stays far below, while the WAL is beyond it.) Nothing is acknowledged
    that is not written, reads go on, a put that waits is done when there is room
    again; and the server can be stopped."""
    args = ["--heartbeat-interval", "10", "--election-timeout", "50"]  # requests time out after 5.1 s
    with Server(args=args) as s:
        free = resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE)
        limit = (200000, free[1])
        for value in ("x" * 300000, "before"):
            equal(200, s.put("a", value)[0])
        resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, limit)
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(s.put("a", "meanwhile")[0]))
        waiting.start()
        until(lambda: "cannot write the WAL; trying again" in s.log_text(), "nothing in the log")
        equal("YmVmb3Jl", s.range("a", serializable=True)[1]["kvs"][0]["value"])
        equal(503, s.http("GET", "/health")[0])
        equal([], answers)
        resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, free)
        waiting.join()
        equal([200], answers)
        equal(200, s.http("GET", "/health")[0])

        resource.prlimit(s.proc.pid, resource.RLIMIT_FSIZE, limit)
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(s.put("a", "lost")))
        waiting.start()
        until(lambda: s.log_text().count("cannot write the WAL; trying again") >= 2, "nothing in the log")
        status, took = s.stop()
        waiting.join()
        equal((503, "etcdserver: server stopped"), (answers[0][0], answers[0][1]["error"]))
        equal(1, status)
        assert took < 3 * testlib.SLOW, took
        s.start()
        value = base64.b64decode(s.range("a")[1]["kvs"][0]["value"])
        assert value in (b"meanwhile", b"lost"), value


# --- stopping -------------------------------------------------------------------------

def test_stop_in_the_middle():
    """SIGTERM under load, with idle, half-open and streaming connections: quick, with
    status 0, each request answered or its connection closed, and what was
    acknowledged is there afterwards."""
    with Server() as s:
        for round_ in range(3):
            acked, stop = {}, threading.Event()

            def http(n):
                try:
                    while not stop.is_set():
                        status, body = s.put("h%d" % n, str(n))
                        assert status == 200 or body["error"] == "etcdserver: server stopped", body
                        if status != 200:
                            return
                        acked["h%d" % n] = int(body["header"]["revision"])
                except (OSError, testlib.http.client.HTTPException):
                    pass

            def grpc(n):
                try:
                    with Connection(s.port) as c:
                        for i in range(1 << 20):
                            st = c.call(PUT, field(1, "g%d" % n) + field(2, str(i)))
                            if st.result[0] != "0":
                                return
                            acked["g%d" % n] = i
                except (OSError, EOFError):
                    pass

            threads = [threading.Thread(target=f, args=(i,)) for i in range(4) for f in (http, grpc)]
            idle = [Connection(s.port, hello=i % 2 == 0) for i in range(40)]
            for i, c in enumerate(idle):
                if i % 4 == 0:
                    c.open(PUT, message(b"", 0, 1000), end=False)
                elif i % 4 == 1:
                    c.send(b"POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            for t in threads:
                t.start()
            until(lambda: len(acked) == 8, "no progress")
            status, took = s.stop()
            stop.set()
            for t in threads:
                t.join()
            for c in idle:
                c.sock.close()
            equal(0, status, round_)
            assert took < 2 * testlib.SLOW, took
            s.start()
            for key, mark in acked.items():
                kv = s.range(key)[1]["kvs"][0]
                now = int(kv["mod_revision"]) if key[0] == "h" else int(base64.b64decode(kv["value"]))
                assert now >= mark, (key, mark, now)


if __name__ == "__main__":
    testlib.main(globals())
