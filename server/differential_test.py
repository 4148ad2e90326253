#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random operations against bin/etcd and a real etcd side by side: every answer
must be the same, but for ids and terms. bin/etcd is killed and started again now
and then, which must not show.

    SEED=n OPS=n differential_test.py"""

import http.client
import json
import os
import random
import re

import testlib
from testlib import REAL, Server, b64, equal

SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))
OPS = int(os.environ.get("OPS", 3000))
# Few keys, so that operations meet. No more than 12: Go sorts more than that in
# an order of its own where sort keys are equal.
KEYS = ["a", "ab", "abc", "b", "ba", "c", "\0", "\xff", "z", "zz", "m", "n"]


class Client:
    def __init__(self, server):
        self.server, self.conn = server, None

    def post(self, path, body):
        if not self.conn:
            self.conn = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        self.conn.request("POST", path, body)
        resp = self.conn.getresponse()
        text = resp.read().decode()
        if resp.will_close:
            self.close()
        return resp.status, re.sub(r'"(cluster_id|member_id|raft_term)":"\d+"', r'"\1":"0"', text)

    def close(self):
        if self.conn:
            self.conn.close()
        self.conn = None


class Generator:
    """Draws requests. rev and compacted follow what the servers answer, so that
    revisions asked for lie around the interesting ones."""

    def __init__(self, rng):
        self.rng, self.rev, self.compacted = rng, 1, 0

    def maybe(self, p):
        return self.rng.random() < p

    def key(self):
        return b64(self.rng.choice(KEYS).encode("latin-1"))

    def end(self, from_key=True):
        """A range_end: none, another key (maybe before the first), or all that follow."""
        kind = self.rng.randrange(4)
        if kind == 0:
            return self.key()
        if kind == 1 and from_key:
            return b64("\0")
        return ""

    def revision(self):
        if self.maybe(0.6):
            return 0
        return self.rng.choice([self.rng.randint(self.compacted, self.rev + 1), self.rev, self.compacted,
                                self.compacted - 1, self.rev + 1, -3])

    def put(self, ignore=True):
        r = {"key": self.key()}
        if ignore and self.maybe(0.1):
            r["ignore_value"] = True
        if ignore and self.maybe(0.1):
            r["ignore_lease"] = True
        if not r.get("ignore_value") or self.maybe(0.05):
            r["value"] = b64(str(self.rng.randrange(20)))
        if self.maybe(0.3):
            r["prev_kv"] = True
        if self.maybe(0.02):
            r["lease"] = "77"
        if self.maybe(0.01):
            r["key"] = ""
        return r

    def range(self):
        r = {"key": self.key(), "range_end": self.end(), "revision": self.revision()}
        for field, values in (("limit", (1, 2, 5, 100, -1)), ("sort_order", ("NONE", "ASCEND", "DESCEND", 7)),
                              ("sort_target", ("KEY", "VERSION", "CREATE", "MOD", "VALUE")),
                              ("serializable", (True, False)), ("keys_only", (True,)), ("count_only", (True,))):
            if self.maybe(0.25):
                r[field] = self.rng.choice(values)
        for field in ("min_mod_revision", "max_mod_revision", "min_create_revision", "max_create_revision"):
            if self.maybe(0.08):
                r[field] = str(self.rng.randint(1, self.rev + 1))
        return r

    def delete(self, from_key=True):
        r = {"key": self.key(), "range_end": self.end(from_key)}
        if self.maybe(0.4):
            r["prev_kv"] = True
        return r

    def compare(self):
        c = {"key": self.key(), "result": self.rng.choice(("EQUAL", "GREATER", "LESS", "NOT_EQUAL"))}
        target = self.rng.choice(("VERSION", "CREATE", "MOD", "VALUE", "LEASE"))
        c["target"] = target
        field = {"VERSION": "version", "CREATE": "create_revision", "MOD": "mod_revision", "VALUE": "value",
                 "LEASE": "lease"}[target]
        if self.maybe(0.95):
            c[field] = b64(str(self.rng.randrange(20))) if target == "VALUE" else \
                self.rng.choice((0, 1, 2, self.rng.randint(0, self.rev)))
        if self.maybe(0.3):
            c["range_end"] = self.end()
        return c

    def op(self, depth, ignore):
        kind = self.rng.randrange(10)
        if kind < 4:
            return {"request_put": self.put(ignore)}
        if kind < 7:
            r = self.range()
            r["revision"] = self.revision() if self.maybe(0.1) else 0
            return {"request_range": r}
        if kind < 9 or depth == 0:
            # A delete to the end of all keys before a put that ignores the value
            # panics the real etcd, at every restart again.
            return {"request_delete_range": self.delete(from_key=not ignore)}
        return {"request_txn": self.txn(depth - 1, ignore)}

    def txn(self, depth=2, ignore=None):
        if ignore is None:
            ignore = self.maybe(0.5)
        return {"compare": [self.compare() for _ in range(self.rng.choice((0, 0, 1, 1, 2, 3)))],
                "success": [self.op(depth, ignore) for _ in range(self.rng.randrange(4))],
                "failure": [self.op(depth, ignore) for _ in range(self.rng.randrange(3))]}

    def request(self):
        kind = self.rng.randrange(100)
        if kind < 35:
            return "/v3/kv/put", self.put()
        if kind < 65:
            return "/v3/kv/range", self.range()
        if kind < 75:
            return "/v3/kv/deleterange", self.delete()
        if kind < 98:
            return "/v3/kv/txn", self.txn()
        return "/v3/kv/compaction", {"revision": str(self.rng.choice([self.rng.randint(1, self.rev + 1), self.rev - 20])),
                                     "physical": self.maybe(0.5)}


def test_random_operations():
    print("SEED=%d OPS=%d" % (SEED, OPS))
    rng = random.Random(SEED)
    gen = Generator(rng)
    kinds = {}
    with Server() as ours, Server(REAL) as real:
        a, b = Client(real), Client(ours)
        for i in range(OPS):
            path, message = gen.request()
            body = json.dumps(message)
            want, got = a.post(path, body), b.post(path, body)
            equal(want, got, "operation %d, SEED=%d: POST %s %s" % (i, SEED, path, body))
            if want[0] == 200:
                gen.rev = int(json.loads(want[1])["header"].get("revision", gen.rev))
                if path.endswith("compaction"):
                    gen.compacted = int(message["revision"])
            kinds[(path, want[0])] = kinds.get((path, want[0]), 0) + 1
            if rng.random() < 10 / OPS:
                b.close()
                ours.kill()
                ours.start()
        for rev in range(max(gen.compacted, 1), gen.rev + 1, max(1, (gen.rev - gen.compacted) // 100)):
            body = json.dumps({"key": b64("\0"), "range_end": b64("\0"), "revision": rev})
            equal(a.post("/v3/kv/range", body), b.post("/v3/kv/range", body), "SEED=%d, revision %d" % (SEED, rev))
        a.close()
        b.close()
    print("     " + ", ".join("%s %d: %d" % (k[0].split("/")[-1], k[1], n) for k, n in sorted(kinds.items())))


if __name__ == "__main__":
    testlib.main(globals())
