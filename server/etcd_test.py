#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bin/etcd from outside: the real etcdctl against it and against a real etcd, HTTP,
flags, ports, signals, restarts."""

import json
import os
import re
import socket
import subprocess
import time

import testlib
from testlib import OURS, REAL, Server, b64, equal, run_ours


def without_ids(text):
    """What may differ between two members: ids, terms, ports, sizes, times."""
    text = re.sub(r'"(cluster_id|member_id|raft_term|raftTerm|raftIndex|raftAppliedIndex|leader|ID|dbSize|dbSizeInUse)":\d+',
                  r'"\1":0', text)
    text = re.sub(r'"(ClusterID|MemberID|RaftTerm)" : \d+', r'"\1" : 0', text)
    text = re.sub(r"127\.0\.0\.1:\d+", "ADDR", text)
    text = re.sub(r"took = \S+", "took = T", text)
    text = re.sub(r'"(ts|target|caller|took)":"[^"]*"', r'"\1":""', text)
    return text


# Each line is one call of the real etcdctl, in this order, against both servers.
CTL_CALLS = """
put a 1
put a 2 --prev-kv
put b 3
put c 4 -w json
get a
get a -w json
get a -w fields
get a --rev=2 -w json
get a --rev=99
get a --rev=1
get "" --prefix
get "" --prefix --keys-only
get "" --from-key --sort-by=VALUE --order=DESCEND
get a c -w json
get a --limit=1 --prefix -w json
get a d --limit=2 -w json
get a --consistency=s
get nosuch
put a --ignore-value
put nosuch --ignore-value
put nosuch x --ignore-lease
put a x --lease=123
del nosuch
del a --prev-kv
del b c -w json
del "" --from-key
put x 1
put x 2
put x 3
compaction 8
compaction 8
compaction 99
get x --rev=5
get x --rev=8
put x 4
compaction 13 --physical
get x -w json
endpoint health
member list -w json
""".strip().splitlines()

TXNS = [
    'value("k") = "1"\n\nput k 2\n\nput k 1\nget k\n\n',
    'value("k") = "1"\nver("k") > "0"\n\nput k 2\nget k\ndel q\n\nput k 1\n\n',
    'mod("k") > "0"\n\ndel k\n\n\n',
    'create("k") = "0"\n\nput k a\nput k b\n\n\n',
    'create("k") = "0"\n\nput k a\n\n\n',
    "\n\n\n",
]


def test_etcdctl_sees_no_difference():
    """The output of the real etcdctl is the same with ours and with a real etcd."""
    with Server() as ours, Server(REAL) as real:
        for call in CTL_CALLS:
            args = [a.replace('""', "") for a in call.split()]
            want, got = real.ctl(*args), ours.ctl(*args)
            equal(tuple(map(without_ids, map(str, want))), tuple(map(without_ids, map(str, got))), call)
        for script in TXNS:
            for fmt in ("simple", "json"):
                want, got = real.ctl("txn", "-w", fmt, stdin=script), ours.ctl("txn", "-w", fmt, stdin=script)
                equal(tuple(map(without_ids, map(str, want))), tuple(map(without_ids, map(str, got))), script)


def test_endpoint_status():
    with Server() as s:
        status, out, _ = s.ctl("endpoint", "status", "-w", "json")
        equal(0, status)
        st = json.loads(out)[0]["Status"]
        equal("3.4.23", st["version"])
        equal(st["header"]["member_id"], st["leader"])
        equal(4, st["raftIndex"])  # the member, the leader's empty entry, its attributes, the version
        assert st["dbSize"] > 0 and st["dbSizeInUse"] > 0
        status, out, _ = s.ctl("endpoint", "status", "-w", "table")
        assert "3.4.23" in out, out


def test_ids_are_those_of_etcd():
    with Server() as ours:
        args = ["--initial-advertise-peer-urls", "http://127.0.0.1:%d" % ours.peer_port, "--initial-cluster",
                "default=http://127.0.0.1:%d" % ours.peer_port]
        with Server(REAL, args) as real:
            a = json.loads(ours.ctl("member", "list", "-w", "json")[1])
            b = json.loads(real.ctl("member", "list", "-w", "json")[1])
            equal(b["header"]["cluster_id"], a["header"]["cluster_id"])
            equal(b["members"][0]["ID"], a["members"][0]["ID"])


# (method, path, body): the answers of both servers are the same, status, type and text.
HTTP_CALLS = [
    ("GET", "/version", None), ("POST", "/version", ""), ("GET", "/health", None), ("POST", "/health", ""),
    ("GET", "/", None), ("GET", "/nosuch", None), ("GET", "/v3/nosuch", None), ("POST", "/v3alpha/kv/put", "{}"),
    ("GET", "/v3/kv/put", None), ("PUT", "/v3/kv/range", "{}"), ("POST", "/v3/kv/range/", "{}"),
    ("OPTIONS", "/v3/kv/put", None), ("OPTIONS", "/nosuch", None),
    ("POST", "/v3/kv/put", '{"key":"YQ==","value":"Yg=="}'),
    ("POST", "/v3beta/kv/put", '{"key":"YQ==","value":"Yw==","prev_kv":true}'),
    ("POST", "/v3/kv/put", '{"key":"YQ==","value":"Yw==","prevKv":true}'),
    ("POST", "/v3/kv/put", ""), ("POST", "/v3/kv/put", "{"), ("POST", "/v3/kv/put", "{bad"),
    ("POST", "/v3/kv/put", '{"key":'), ("POST", "/v3/kv/put", '{"key":5}'), ("POST", "/v3/kv/put", '{"key":"!"}'),
    ("POST", "/v3/kv/put", "[]"), ("POST", "/v3/kv/put", '"x"'), ("POST", "/v3/kv/put", '{"key":"YQ==","lease":"5"}'),
    ("POST", "/v3/kv/put", '{"key":"YQ==","lease":"x"}'), ("POST", "/v3/kv/put", '{"key":"YQ==","prev_kv":"true"}'),
    ("POST", "/v3/kv/put", '{"key":"YQ==","value":"Yg==","ignore_value":true}'),
    ("POST", "/v3/kv/range", '{"key":"YQ=="}'), ("POST", "/v3/kv/range", '{"key":"YQ=="} and more'),
    ("POST", "/v3/kv/range", '{"key":"YQ==","sort_order":"BAD"}'),
    ("POST", "/v3/kv/range", '{"key":"AA==","range_end":"AA==","sort_order":"DESCEND","sort_target":2,"x":[{}]}'),
    ("POST", "/v3/kv/range", '{"key":"YQ==","revision":"100"}'), ("POST", "/v3/kv/range", '{"key":null}'),
    ("POST", "/v3/kv/range", '{"key":"YQ==","count_only":true}'),
    ("POST", "/v3/kv/deleterange", '{"key":"YQ==","prev_kv":true}'), ("POST", "/v3/kv/deleterange", "{}"),
    ("POST", "/v3/kv/txn", '{"success":[{"request_put":{"key":"eA==","value":"MQ=="}},{"requestRange":{"key":"eA=="}}]}'),
    ("POST", "/v3/kv/txn", '{"success":[{}]}'), ("POST", "/v3/kv/txn", "{}"),
    ("POST", "/v3/kv/compaction", '{"revision":"4"}'), ("POST", "/v3/kv/compaction", '{"revision":"4"}'),
]


def without_json_ids(text):
    text = re.sub(r'"(cluster_id|member_id|raft_term)":"\d+"', r'"\1":"0"', text)
    return re.sub(r"127\.0\.0\.1:\d+", "ADDR", text)


def test_http_sees_no_difference():
    with Server() as ours, Server(REAL) as real:
        for method, path, body in HTTP_CALLS:
            answers = []
            for s in (real, ours):
                status, headers, text = s.http(method, path, body)
                names = ("Content-Type", "Allow", "X-Content-Type-Options", "Access-Control-Allow-Origin",
                         "Grpc-Metadata-Content-Type")
                # etcd sends X-Content-Type-Options beside Allow; ours only where there is no Allow
                shown = {n: headers.get(n) for n in names}
                if shown["Allow"]:
                    shown.pop("X-Content-Type-Options")
                answers.append((status, shown, without_json_ids(text)))
            equal(answers[0], answers[1], "%s %s %s" % (method, path, body))
        equal((200, '{"etcdserver":"3.4.23","etcdcluster":"3.4.0"}'),
              ours.http("GET", "/version", port=ours.peer_port)[::2])
        equal((404, "404 page not found\n"), ours.http("GET", "/health", port=ours.peer_port)[::2])


def test_size_limits():
    with Server() as ours, Server(REAL) as real:
        for size in (1572864 - 100, 1572864, 2 * 1024 * 1024 - 100, 2 * 1024 * 1024, 3 * 1024 * 1024):
            body = json.dumps({"key": "YQ==", "value": b64("x" * size)})
            want, got = real.http("POST", "/v3/kv/put", body), ours.http("POST", "/v3/kv/put", body)
            equal((want[0], without_json_ids(want[2])), (got[0], without_json_ids(got[2])), size)
        # through gRPC, where the client's own limit is lifted by nothing: etcdctl allows 2 MiB
        for s in (real, ours):
            status, _, err = s.ctl("put", "a", stdin="x" * 1600000)
            equal((1, "Error: etcdserver: request is too large"), (status, err.strip().splitlines()[-1]))
        # far beyond: refused without being stored
        status, _, body = ours.http("POST", "/v3/kv/put", '{"key":"' + "A" * (16 << 20) + '"}')
        equal(429, status)
        equal(200, ours.http("GET", "/health")[0])


def test_deep_nesting_is_refused():
    with Server() as s:
        deep = '{"success":[{"request_txn":' * 200 + "{}" + "}]}" * 200
        status, _, body = s.http("POST", "/v3/kv/txn", deep)
        equal((400, "etcdserver: too many operations in txn request"), (status, json.loads(body)["error"]))
        for text in ('{"success":[{"request_txn":' * 2000, "[" * 1000000, '{"a":' * 100000):
            equal(400, s.http("POST", "/v3/kv/txn", text)[0])
        equal(200, s.http("GET", "/health")[0])


def test_help_and_version():
    status, out, _ = run_ours("--version")
    equal(0, status)
    lines = out.splitlines()
    equal(4, len(lines))
    equal("etcd Version: 3.4.23", lines[0])
    assert lines[3].startswith("Go OS/Arch: linux/"), lines
    status, out, _ = run_ours("-h")
    equal(0, status)
    for flag in ("--name 'default'", "--data-dir", "--listen-client-urls 'http://localhost:2379'", "--log-level 'info'"):
        assert flag in out, flag


def test_wrong_flags():
    for args, text in (
            (["-nosuch"], "flag provided but not defined: -nosuch"),
            (["extra"], "'extra' is not a valid flag"),
            (["--snapshot-count", "5"], "flag -snapshot-count is not supported yet"),
            (["--heartbeat-interval", "x"], 'invalid value "x" for flag -heartbeat-interval: parse error')):
        status, out, err = run_ours(*args)
        equal(1, status, args)
        equal("", out)
        equal(1, len(err.splitlines()), err)
        assert text in err, err


def test_environment():
    with Server(env={"ETCD_NAME": "fromenv", "ETCD_NOSUCH": "1"},
                args=["--initial-cluster", ""]) as s:
        members = json.loads(s.ctl("member", "list", "-w", "json")[1])["members"]
        equal("fromenv", members[0]["name"])
        warned = [l for l in s.log_lines() if l["msg"] == "unrecognized environment variable"]
        equal("ETCD_NOSUCH=1", warned[0]["environment-variable"])


def test_taken_ports_and_directory():
    with Server() as s:
        free = "http://127.0.0.1:%d" % testlib.free_port()
        peer = "http://127.0.0.1:%d" % s.peer_port
        for args, text in (
                (["--listen-client-urls", s.url, "--advertise-client-urls", s.url, "--listen-peer-urls", free],
                 "cannot listen on %s: Address already in use" % s.url),
                (["--listen-client-urls", free, "--advertise-client-urls", free, "--listen-peer-urls", peer],
                 "cannot listen on %s: Address already in use" % peer),
                (["--listen-client-urls", free, "--advertise-client-urls", free, "--listen-peer-urls",
                  "http://127.0.0.1:%d" % testlib.free_port(), "--data-dir", s.dir + "/data"],
                 "the data directory %s/data is in use by another process" % s.dir)):
            status, _, err = run_ours("--data-dir", s.dir + "/other", *args)
            equal(1, status)
            last = json.loads(err.splitlines()[-1])
            equal(("fatal", text), (last["level"], last["msg"]))
        equal(200, s.http("GET", "/health")[0])


def test_not_our_database():
    with Server(REAL) as real:
        equal(200, real.put("a", "b")[0])
        real.stop()
        real.binary = OURS
        real.start(wait=False)
        equal(1, real.proc.wait(20))
        last = json.loads(real.log_text().splitlines()[-1])
        equal("fatal", last["level"])
        assert "cannot open the database" in last["msg"], last


def test_log_is_json_with_rafts_lines():
    with Server(args=["--log-level", "debug"]) as s:
        s.put("a", "b")
        s.stop()
        lines = s.log_lines()
        for line in lines:
            assert re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line["ts"]), line
            assert line["level"] in ("debug", "info", "warn"), line
        assert any("became leader at term 2" in l["msg"] and l["caller"] == "raft" for l in lines)
    with Server(args=["--log-level", "warn"]) as s:
        s.stop()
        equal("", s.log_text())


def test_restart_keeps_everything():
    with Server() as s:
        for i in range(50):
            s.put("k%d" % (i % 10), "v%d" % i)
        s.post("/v3/kv/deleterange", {"key": b64("k3")})
        equal(0, s.ctl("compaction", "20")[0])
        before = s.range("k", range_end=b64("l"))[1]
        status, took = s.stop()
        equal(0, status)
        assert took < 2 * testlib.SLOW, took
        s.start()
        after = s.range("k", range_end=b64("l"))[1]
        equal(before["kvs"], after["kvs"])
        equal(before["header"]["revision"], after["header"]["revision"])
        equal(before["header"]["cluster_id"], after["header"]["cluster_id"])
        equal("etcdserver: mvcc: required revision has been compacted", s.range("k1", revision=19)[1]["error"])
        equal(200, s.range("k1", revision=21)[0])
        equal(str(int(before["header"]["revision"]) + 1), s.put("new", "x")[1]["header"]["revision"])


def test_signals():
    for name in ("terminate", "interrupt"):
        with Server() as s:
            start = time.time()
            if name == "terminate":
                s.proc.terminate()
            else:
                s.proc.send_signal(2)
            equal(0, s.proc.wait(20))
            assert time.time() - start < 2 * testlib.SLOW


def test_stop_with_idle_connections():
    """Idle and half-open connections don't hold a shutdown up."""
    with Server() as s:
        conns = [socket.create_connection(("127.0.0.1", s.port)) for _ in range(60)]
        for i, c in enumerate(conns):
            if i % 3 == 1:
                c.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\x04" + bytes(5))
            elif i % 3 == 2:
                c.sendall(b"POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        time.sleep(0.2)
        status, took = s.stop()
        equal(0, status)
        assert took < 3 * testlib.SLOW, took
        for c in conns:
            c.close()


def test_many_idle_connections():
    """Thousands of silent connections: others are served as before."""
    import resource
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    n = min(10000, hard - 200) if testlib.SLOW == 1 else 500
    with Server() as s:
        conns = []
        for i in range(n):
            c = socket.create_connection(("127.0.0.1", s.port))
            if i % 2:
                c.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n")
            conns.append(c)
        start = time.time()
        equal(200, s.put("a", "b")[0])
        equal(0, s.ctl("put", "c", "d")[0])
        assert time.time() - start < 5 * testlib.SLOW
        for c in conns:
            c.close()


def test_garbage_is_survived():
    with Server() as s:
        for junk in (b"", b"P", b"PR", b"PRI", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 100, b"\x16\x03\x01\x02\x00",
                     b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100000, b"POST /v3/kv/put HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                     b"POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", os.urandom(1000)):
            for reset in (False, True):
                c = socket.create_connection(("127.0.0.1", s.port))
                try:
                    c.sendall(junk)
                    if reset:
                        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    else:
                        c.settimeout(0.2)
                        c.recv(1000)
                except OSError:
                    pass
                c.close()
        equal(200, s.http("GET", "/health")[0])
        equal(0, s.ctl("put", "a", "b")[0])


def test_unknown_methods():
    """What 3.4 has and we don't yet is refused in grpc-go's words."""
    with Server() as s:
        _, _, err = s.ctl("lease", "list")
        assert "unknown service etcdserverpb.Lease" in err, err
        _, _, err = s.ctl("alarm", "list")
        assert "unknown method Alarm for service etcdserverpb.Maintenance" in err, err


if __name__ == "__main__":
    testlib.main(globals())
