#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments under load: every acknowledged write is there
afterwards, with its value and revision. And what a crash of the machine can do
to the WAL: a torn end is repaired, damage is refused.

    kill_test.py [WORD...]      SEED=n KILLS=n in the environment"""

import base64
import glob
import http.client
import json
import os
import random
import struct
import threading
import time

import testlib
from testlib import Server, b64, equal

SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))
KILLS = int(os.environ.get("KILLS", 50))
WRITERS, KEYS = 6, 40


class Writer(threading.Thread):
    """Puts ascending numbers to keys of its own, one at a time, and remembers
    what was acknowledged. Stops when the server is gone."""

    def __init__(self, server, number, acked, tried):
        super().__init__()
        self.server, self.number, self.acked, self.tried = server, number, acked, tried
        self.count = 0

    def run(self):
        rng = random.Random(SEED + self.number)
        conn = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            while True:
                key = "w%d-%d" % (self.number, rng.randrange(KEYS))
                value = self.tried.get(key, 0) + 1
                self.tried[key] = value
                text = "%d %s" % (value, "x" * rng.choice((0, 10, 300, 5000)))
                conn.request("POST", "/v3/kv/put", json.dumps({"key": b64(key), "value": b64(text)}))
                resp = conn.getresponse()
                body = json.loads(resp.read())
                if resp.status != 200:
                    raise AssertionError(body)
                self.acked[key] = (value, int(body["header"]["revision"]))
                self.count += 1
        except (OSError, http.client.HTTPException):
            pass
        finally:
            conn.close()


def check(server, acked, tried):
    """All that was acknowledged is there; what was only tried may be."""
    _, body = server.range("w", range_end=b64("x"))
    found = {base64.b64decode(kv["key"]).decode():
             (int(base64.b64decode(kv["value"]).split()[0]), int(kv["mod_revision"])) for kv in body.get("kvs", [])}
    revision = int(body["header"]["revision"])
    for key, (value, rev) in acked.items():
        assert key in found, "%s: %d was acknowledged, and is lost" % (key, value)
        got, got_rev = found[key]
        if got == value:
            equal(rev, got_rev, key)
        else:
            # the put that was under way when the server was killed
            equal(tried[key], got, key)
            assert got_rev > rev
            acked[key] = (got, got_rev)
    for key, (value, rev) in found.items():
        assert value <= tried[key] and rev <= revision, key
        tried[key] = value
        acked[key] = (value, rev)


def test_kill_under_load():
    print("SEED=%d KILLS=%d" % (SEED, KILLS))
    rng = random.Random(SEED)
    acked, tried, writes = {}, {}, 0
    with Server() as s:
        for _ in range(KILLS):
            writers = [Writer(s, i, acked, tried) for i in range(WRITERS)]
            for w in writers:
                w.start()
            time.sleep(rng.uniform(0.005, 0.25) * testlib.SLOW)
            s.kill()
            for w in writers:
                w.join()
            writes += sum(w.count for w in writers)
            # sometimes it is killed again while it starts
            while rng.random() < 0.3:
                s.start(wait=False)
                time.sleep(rng.uniform(0, 0.06) * testlib.SLOW)
                s.kill()
            s.start()
            check(s, acked, tried)
    assert writes > KILLS, writes
    print("     %d kills, %d acknowledged writes" % (KILLS, writes))


def wal_files(server):
    return sorted(glob.glob(server.dir + "/data/member/wal/*.wal"))


def wal_end(path):
    """The offset behind the last record: a frame is its length in the low 56 bits
    of 8 bytes, padding in the 3 bits of the top byte, and the record."""
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at + 8 <= len(data):
        (head,) = struct.unpack_from("<q", data, at)
        if head == 0:
            break
        length = head & ((1 << 56) - 1)
        pad = (head >> 56) & 7 if head < 0 else 0
        at += 8 + length + pad
    return at


def test_torn_tail_is_repaired():
    with Server() as s:
        for i in range(20):
            s.put("k%d" % i, "v%d" % i)
        s.kill()
        path = wal_files(s)[-1]
        # an entry in a record of 3000 bytes (type 2, some CRC, 2989 bytes of data) of
        # which only the first 200 reached the disk
        record = b"\x08\x02\x10\x85\x86\x87\x88\x05\x1a\xad\x17" + b"\x08\x00\x10\x02\x18\x63\x22\xa3\x17"
        with open(path, "r+b") as f:
            f.seek(wal_end(path))
            f.write(struct.pack("<q", 3000) + record + b"x" * (200 - len(record)))
        s.start()
        lines = [l for l in s.log_lines() if l["msg"] == "repaired the WAL"]
        equal(1, len(lines))
        equal("warn", lines[0]["level"])
        equal("20", s.range("k", range_end=b64("l"))[1]["count"])
        equal(200, s.put("k20", "v20")[0])
        s.kill()
        s.start()
        equal("21", s.range("k", range_end=b64("l"))[1]["count"])


def test_corrupt_wal_is_refused():
    with Server() as s:
        for i in range(50):
            s.put("k%d" % i, "v%d" % i)
        s.kill()
        path = wal_files(s)[0]
        at = wal_end(path) // 2
        with open(path, "r+b") as f:
            f.seek(at)
            byte = f.read(1)[0]
            f.seek(at)
            f.write(bytes([byte ^ 0x40]))
        s.start(wait=False)
        equal(1, s.proc.wait(20))
        last = json.loads(s.log_text().splitlines()[-1])
        equal("fatal", last["level"])
        assert "WAL" in last["msg"] and path in last["msg"], last
        print("     " + last["msg"])
        # nothing else was changed: with the byte put right it starts
        with open(path, "r+b") as f:
            f.seek(at)
            f.write(bytes([byte]))
        s.start()
        equal("50", s.range("k", range_end=b64("l"))[1]["count"])


def test_lost_wal_is_refused():
    """A database without its WAL, or with an older one, is not gone on with."""
    with Server() as s:
        for i in range(10):
            s.put("k%d" % i, "v")
        s.stop()
        os.rename(s.dir + "/data/member/wal", s.dir + "/aside")
        s.start(wait=False)
        equal(1, s.proc.wait(20))
        assert "there is no WAL" in json.loads(s.log_text().splitlines()[-1])["msg"]
        os.rename(s.dir + "/aside", s.dir + "/data/member/wal")
        s.start()
        equal("10", s.range("k", range_end=b64("l"))[1]["count"])


def test_kill_before_the_first_entry():
    """A crash right after the WAL was made: the member is bootstrapped again."""
    rng = random.Random(SEED)
    for _ in range(10):
        s = Server(wait=False)
        time.sleep(rng.uniform(0, 0.03) * testlib.SLOW)
        s.kill()
        s.start()
        equal(200, s.put("a", "b")[0])
        s.close()


if __name__ == "__main__":
    testlib.main(globals())
