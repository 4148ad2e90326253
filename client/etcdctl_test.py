#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bin/etcdctl beside the real one.

Two etcd servers (Debian's 3.4) are started, with the same identity and the same
history: one is spoken to by the real etcdctl, the other by ours. Each row of the
tables below is run by both, and what they print on standard output and standard
error, and how they exit, must be the same, byte for byte, but for what cannot be
(times, ports). What is different on purpose is checked for itself, at the end,
along with servers that answer nonsense.

    BIN_DIR=build/bin client/etcdctl_test.py [-v] [PATTERN]
"""
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

BIN = os.path.join(os.environ.get("BIN_DIR", "bin"), "etcdctl")
REAL_CTL = "/usr/bin/etcdctl"
REAL_ETCD = "/usr/bin/etcd"
VERBOSE = "-v" in sys.argv[1:]
PATTERN = next((a for a in sys.argv[1:] if not a.startswith("-")), "")

passed = failed = 0


def check(name, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
        if VERBOSE:
            print("ok  ", name)
    else:
        failed += 1
        print("FAIL", name)
        if detail:
            print("     " + detail.replace("\n", "\n     "))


def wanted(name):
    return PATTERN in name


# --- servers -----------------------------------------------------------------------

def free_ports(n):
    """n free ports, all of five digits: they show in tables."""
    found = []
    while len(found) < n:
        s = socket.socket()
        s.bind(("127.0.0.1", 0))
        if s.getsockname()[1] >= 10000:
            found.append(s)
        else:
            s.close()
    ports = [s.getsockname()[1] for s in found]
    for s in found:
        s.close()
    return ports


class Etcd:
    def __init__(self, *extra):
        self.dir = tempfile.mkdtemp(prefix="etcdctl_test.")
        self.port, peer = free_ports(2)
        self.ep = "127.0.0.1:%d" % self.port
        url = "http://" + self.ep
        # The same advertised peer URL makes the same ids; nobody connects to it.
        self.proc = subprocess.Popen(
            [REAL_ETCD, "--name", "m1", "--data-dir", self.dir + "/data",
             "--listen-client-urls", url, "--advertise-client-urls", url,
             "--listen-peer-urls", "http://127.0.0.1:%d" % peer,
             "--initial-advertise-peer-urls", "http://127.0.0.1:34567",
             "--initial-cluster", "m1=http://127.0.0.1:34567",
             "--unsafe-no-fsync", *extra],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={k: v for k, v in os.environ.items() if not k.startswith("ETCD")})

    def wait(self):
        for _ in range(100):
            r = subprocess.run([REAL_CTL, "--endpoints", self.ep, "get", "x"],
                               capture_output=True, env=clean_env())
            if r.returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit("etcd does not start")

    def stop(self):
        self.proc.send_signal(signal.SIGKILL)
        self.proc.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


# --- running and comparing -----------------------------------------------------------

def clean_env(extra=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("ETCDCTL")}
    env.update(extra or {})
    return env


class Started:
    """A program that runs; its result is (exit code, stdout, stderr)."""

    def __init__(self, binary, args, stdin, env):
        self.files = [tempfile.TemporaryFile() for _ in range(3)]
        self.files[0].write(stdin)
        self.files[0].seek(0)
        self.proc = subprocess.Popen([binary] + args, stdin=self.files[0], stdout=self.files[1],
                                     stderr=self.files[2], env=clean_env(env))

    def result(self, timeout=20):
        code, out, err = None, b"", b"timed out"
        try:
            code = self.proc.wait(timeout)
            self.files[1].seek(0)
            self.files[2].seek(0)
            out, err = self.files[1].read(), self.files[2].read()
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
        for f in self.files:
            f.close()
        return (code, out, err)


def run(binary, args, stdin=b"", env=None):
    return Started(binary, args, stdin, env).result()


DURATION = rb"[0-9.]+(?:ms|\xc2\xb5s|s)\b"


def mask_warning(line):
    """The client's log line: time, place and target are its own."""
    try:
        w = json.loads(line)
    except ValueError:
        return line
    error = w["error"]
    if "code = DeadlineExceeded" in error:
        error = "rpc error: code = DeadlineExceeded"
    if "code = Unavailable" in error:
        error = "rpc error: code = Unavailable"
    return ("WARN %s %s %s %s" % (w["level"], w["msg"], w["attempt"], error)).encode()


def normalize(out, ports, took):
    for i, p in enumerate(ports):
        out = out.replace(b"%d" % p, b"PORT%d" % i)
    out = re.sub(rb"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} ", b"DATE ", out)
    out = re.sub(rb"(?m)^\{\"level\".*$", lambda m: mask_warning(m.group(0)), out)
    if took:
        out = re.sub(DURATION, b"TOOK", out)
        out = re.sub(rb"\b[0-9.]+ [kM]B", b"SIZE", out)
        out = re.sub(rb"-+", b"-", out)
        out = re.sub(rb" +", b" ", out)
    return out


def compare(name, real, ours, took=False, ports=((), ()), streams="oe"):
    r = (real[0], normalize(real[1], ports[0], took), normalize(real[2], ports[0], took))
    o = (ours[0], normalize(ours[1], ports[1], took), normalize(ours[2], ports[1], took))
    if "o" not in streams:
        r, o = (r[0], b"", r[2]), (o[0], b"", o[2])
    if "e" not in streams:
        r, o = (r[0], r[1], b""), (o[0], o[1], b"")
    check(name, r == o, "real: %s %r %r\nours: %s %r %r" % (r + o))


class Pair:
    """Two servers alike, one for each program."""

    def __init__(self):
        self.real, self.ours = Etcd(), Etcd()
        self.dead = free_ports(1)[0]
        self.real.wait()
        self.ours.wait()

    def stop(self):
        self.real.stop()
        self.ours.stop()

    def row(self, args, stdin=b"", env=None, took=False, streams="oe", endpoints=True):
        """Runs one row. EP, URL, DEAD in args and env stand for endpoints."""
        if isinstance(args, str):
            args = args.split()
        name = " ".join(repr(a) if " " in str(a) or not a else str(a) for a in args)
        if stdin:
            name += " <%r" % stdin[:60]
        if env:
            name += " %r" % env
        if not wanted(name):
            return
        started = []
        for binary, server in ((REAL_CTL, self.real), (BIN, self.ours)):
            def fill(s):
                if isinstance(s, bytes):
                    return s
                return (s.replace("EP", server.ep).replace("URL", "http://" + server.ep)
                        .replace("DEAD", "127.0.0.1:%d" % self.dead))
            full = [fill(a) for a in args]
            if endpoints:
                full = ["--endpoints=" + server.ep] + full
            real_env = {k: (v if k == "ETCDCTL_API" else fill(v)) for k, v in (env or {}).items()}
            started.append(Started(binary, full, stdin, real_env))
        compare(name, *[s.result() for s in started], took=took, streams=streams,
                ports=((self.real.port,), (self.ours.port,)))


# --- the tables ----------------------------------------------------------------------

def put_get_del(p):
    row = p.row
    for w in ("simple", "json", "fields", "protobuf", "table", "nonsense", ""):
        row(["-w", w, "get", "nothing"])
    for i, k in enumerate("foo foo1 foo2 fop bar baz".split()):
        row(["put", k, "value %d" % i])
    row("put foo again")
    row("put foo1 third")
    for w in ("simple", "json", "fields", "protobuf", "table"):
        row(["get", "foo", "-w", w])
        row(["get", "", "--prefix", "--write-out=" + w])
        row(["put", "x", "1", "-w" + w])
        row(["put", "x", "2", "--prev-kv", "-w=" + w])
        row(["put", "fresh" + w, "2", "--prev-kv", "-w", w])
        row(["del", "x", "-w", w])
        row(["put", "x", "3"])
        row(["del", "x", "--prev-kv", "-w", w])
        row(["member", "list", "-w", w])
    for extra in ("", "--prefix", "--from-key", "--keys-only", "--prefix --keys-only",
                  "--limit=1", "--prefix --limit=2", "--prefix --limit 1 -w json",
                  "--prefix --limit=-1", "--limit=0x10", "--limit=010", "--limit=1_0",
                  "--limit=0b11 --prefix", "--limit=0o7", "--prefix --order=ASCEND",
                  "--prefix --order=descend", "--prefix --order DESCEND --limit=2",
                  "--prefix --sort-by=KEY --order=DESCEND", "--prefix --sort-by=create",
                  "--prefix --sort-by=CREATE --order=DESCEND", "--prefix --sort-by=MODIFY",
                  "--prefix --sort-by=modify --order=descend",
                  "--prefix --sort-by=VALUE --order=ascend", "--prefix --sort-by=version",
                  "--prefix --sort-by=VERSION --order=DESCEND --limit=1",
                  "--consistency=s", "--consistency=l", "--consistency l",
                  "--print-value-only", "--prefix --print-value-only",
                  "--print-value-only -w json", "--print-value-only=false -w json",
                  "--rev=2", "--rev=3 --prefix", "--rev=5 --from-key", "--rev=-1", "--rev=0",
                  "--rev=999999", "--hex", "--prefix --hex", "--hex -w json", "--hex -w fields",
                  "--prefix=true", "--prefix=false", "--prefix=1", "--prefix=T", "--prefix=0"):
        row("get foo " + extra)
    row("get foo fop")
    row("get foo foo2 --limit=1 -w json")
    row("get b c")
    row(["get", "b", ""])
    row("get foo fop ignored")
    row(["get", "", "--from-key", "--keys-only"])
    row(["get", "", "--prefix", "--keys-only", "-w", "fields"])
    row(["get", "z", "--from-key"])
    row("get --prefix foo")
    row("--hex get foo")
    row("get foo --hex=false")
    row("g foo")
    row("ge foo")
    row("pu short v")
    row("d short")
    row("put a b c d")
    row("get a")
    row("del foo2 --prev-kv")
    row("del fo --prefix --prev-kv")
    row("del b c --prev-kv -w json")
    row("del nothing")
    row("put m1 1")
    row("put m2 2")
    row("put n 3")
    row("del m --from-key -w fields --prev-kv")
    row(["del", "", "--prefix"])
    row(["del", "", "--from-key"])


def values(p):
    row = p.row
    odd = [b"bin\xff\x01", b'\xfe"\\\t\x7f<&>\xe2\x80\xa8\xc2\xa0\xe4\xb8\xad\xf0\x9f\x98\x80',
           b"\a\b\f\n\r\t\v'`", "ä ö ￾ ­".encode(), b"\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80"]
    for i, v in enumerate(odd):
        row(["put", b"odd%d" % i, v])
        row(["put", v, "x"])
    for extra in ("", "-w json", "-w fields", "--hex", "-w protobuf"):
        row("get odd --prefix " + extra)
        row(["get", "", "--from-key", "--keys-only"] + extra.split())
    row(["put", "empty", ""])
    row("get empty")
    row("get empty -w json")
    row("get empty -w fields")
    row("get empty --hex")
    row("put dash -v")
    row("put dash -- -v")
    row("put -- -k v")
    row("get -- -k")
    row("get dash --prefix -- ")
    row("get -")
    row("put - -")
    row("get a -- --b")
    row("put in", b"from stdin\n")
    row("get in")
    row("put in", b"with\0nul")
    row("get in -w fields")
    row("put in")
    row("put")
    row(["put", "", "v"])
    row(["get", ""])
    row(["del", ""])
    row("put big", b"x" * 100000)
    row("get big")
    row("put big", b"x" * 1600000, streams="o")
    row("put big", b"x" * 2200000)
    for extra in ("--lease=zz", "--lease=", "--lease=1234", "--lease=0x12", "--lease=-5",
                  "--lease=99999999999999999999", "--lease=8000000000000000",
                  "--lease=0", "--ignore-lease", "--ignore-lease --lease=5",
                  "--ignore-value"):
        row("put in v " + extra)
        row("put missing v " + extra)
    row("put in --ignore-value --prev-kv")
    row("put missing --ignore-value")
    row("put in v2 --ignore-lease --prev-kv -w fields")
    row("put in --ignore-value --ignore-lease")


def arguments(p):
    row = p.row
    for args in ("get", "del", "del a b c", "compaction", "compaction x", "compaction 1 2",
                 "compaction 99999999999999999999", "compaction 0x10", "txn x",
                 "get --prefix --from-key a", "get --prefix a b", "get --from-key a b",
                 "del --prefix --from-key a", "del --prefix a b", "del --from-key a b",
                 "get a --order=foo", "get a --sort-by=foo", "get a --consistency=x",
                 "get a --consistency=", "get a --consistency=\t",
                 "bogus", "gett", "pt a b", "e health", "m list", "co 1", "versio", "--", "-- get a",
                 "--bogus", "get --bogus a", "get -z a", "get -zw json a", "get -wz a",
                 "get --limit=x a", "get --limit x a", "get --limit", "get --limit= a",
                 "get --rev=99999999999999999999 a", "get --rev=1__0 a", "get --rev=_1 a",
                 "get --rev=1_ a", "get --rev=0x a", "get --rev=09 a", "get --rev=+1 a",
                 "get --prefix=maybe a", "get --prefix= a", "get --prefix=TRUE1 a",
                 "--dial-timeout=x get a", "--dial-timeout=5 get a", "--dial-timeout= get a",
                 "--dial-timeout=5x get a", "--dial-timeout=1s5 get a", "--dial-timeout=. get a",
                 "--dial-timeout=1.5h3m.5s get a", "--dial-timeout=9999999h get a",
                 "--dial-timeout=-1s get a", "--dial-timeout=0 get a",
                 "-w", "get -w", "--write-out", "get a -w", "get --=x a", "get --= a", "get -= a",
                 "get ---x a", "get -h=x a", "get --help=x a", "get --help=false a",
                 "get -h=false a", "-wfoo get a", "get a -wjson --bogus",
                 "--cluster endpoint health", "--prefix get a", "--hex get a", "-w json get a",
                 "endpoint foo", "endpoint", "member", "member foo", "endpoint heal",
                 "--command-timeout=0 get a", "--command-timeout=-1s get a",
                 "--command-timeout=1ns get a", "--command-timeout=0s put a b",
                 "version", "version x", "version -w json", "version --bogus",
                 "--keepalive-time=1s --keepalive-timeout=1s get a",
                 "--insecure-transport=true get a", "--insecure-discovery get a"):
        name_only = args.split()
        # A root help lists what we have, not all that etcdctl has; see helps().
        root_help = args in ("--", "-- get a", "--bogus", "-w", "--write-out") or \
            name_only[0] in ("endpoint", "member") and len(name_only) < 3 and "heal" not in args
        row(args, streams="e" if root_help else "oe", took="heal" in args)
    row(["get", "a\"b", "--limit=\"\\\x01"])
    row(["get", "-\xe9".encode(), "a"], streams="o")
    row(["get", "--order=\xe4 \"", "a"])


def helps():
    def row(args, streams="oe"):
        args = args.split() if isinstance(args, str) else args
        if wanted("help: " + " ".join(args)):
            compare("help: " + " ".join(args), run(REAL_CTL, args), run(BIN, args),
                    streams=streams)
    for c in ("get", "put", "del", "txn", "compaction", "endpoint health", "endpoint status",
              "member list", "version", "help"):
        row(c.split() + ["--help"])
        row(["help"] + c.split())
    for args in ("get -h", "get a --prefix -h --limit=5", "get -hw json",
                 "endpoint health --cluster -h", "help get put"):
        row(args)
    row("help foo", streams="e")
    row("help foo bar", streams="e")

    # Where commands are listed: ours are a part of etcdctl's, the rest is alike.
    for args in ([], ["help"], ["--help"], ["endpoint"], ["member", "--help"], ["--help", "get"]):
        name = "list of commands: %r" % args
        if not wanted(name):
            continue
        real, ours = run(REAL_CTL, args), run(BIN, args)

        def split(out):
            head, _, rest = out.partition(b"COMMANDS:\n")
            commands, _, tail = rest.partition(b"\n\n")
            return head, [re.split(rb"\t+", c) for c in commands.split(b"\n")], tail
        r, o = split(real[1]), split(ours[1])
        check(name, real[0] == ours[0] and real[2] == ours[2] and r[0] == o[0] and
              r[2] == o[2] and o[1] and all(c in r[1] for c in o[1]),
              "real: %r\nours: %r" % (real, ours))


def txns(p):
    def row(s, *args, **more):
        p.row(["txn"] + list(args), s if isinstance(s, bytes) else s.encode(), **more)
    p.row("put a b")
    p.row("put a b")
    p.row("put x y")
    good = [
        '\n\n\n',
        'ver("a") > "0"\n\nget a\nput x y --prev-kv\ndel z --prev-kv\n\n\n',
        'val("a") = "b"\n\nput q "a b\\x41\\u00e9"\nget q\n\nput f "fail"\n\n',
        'val("a") != "b"\n\nput q w\n\nput f "fail"\nget f\n\n',
        '\nget "" --prefix --limit 2\n\n\n',
        'ver("none") = "0"\n\nput none here\nget none\n\n\n',
        'c("a") > "0"\nm("a") < "999"\ncreate("a") != "3"\nmod("a") > "1"\nversion("a") > "0"\n'
        'value("a") = "b"\n\n\nget a\n\n',
        '\ndel x y --prev-kv\ndel q --prefix\n\n\n',
    ]
    for w in ("simple", "json", "fields", "protobuf", "table"):
        for s in good:
            row(s, "-w", w)
    row('\nget a\n\n\n', "--hex")
    row('\n\n\n', "-i")
    row('ver("a") > "0"\n\nget a\n\n\n', "--interactive")
    for s in ('', '\n', '\n\n', '\nget a\n\nget b', '\nget a\n\nget b\n', 'foo\n\n\n', '(\n',
              'ver("a")>"0"\n\n\n\n', 'ver("a") > 0\n\n\n\n', 'ver("a") > "x"\n\n\n\n',
              'zz("a") > "0"\n\n\n\n', 'key("a") > "0"\n\n\n\n', 'val(a) = "b"\n\n\n\n',
              'val(`a`) = `b`\n\n\n\n', 'val( "a" ) = "b"\n\n\n\n', 'val( "a") = "b"\n\n\n\n',
              ' val ("a") = "b"\n\n\n\n', '("a") = "b"\n\n\n\n', 'ver("") > "0"\n\n\n\n',
              'ver("a")\t>\t"0"\n\n\n\n', 'ver("a")  >   "0"  zzz\n\n\n\n',
              'ver("a") >"0"\n\n\n\n', 'ver("a") > "0\n\n\n\n', 'ver("a") > "0""1"\n\n\n\n',
              'ver("a\n\n\n\n', 'ver("a"\n\n\n\n', 'ver("a")\n\n\n\n', 'ver("a") >\n\n\n\n',
              'ver("a") > "99999999999999999999"\n\n\n\n', 'ver("a") = ""\n\n\n\n',
              'ver("a") > "-1"\n\n\n\n', 'ver("a") > "+1"\n\n\n\n', 'ver("a") > "0x1"\n\n\n\n',
              'val("a\\q") = "b"\n\n\n\n', 'val("a\\x61") != "\\141\\u4e2d\\t"\n\n\n\n',
              'val("\\400") = "b"\n\n\n\n', 'val("\\ud800") = "b"\n\n\n\n', "val('a') = 'b'\n\n\n\n",
              b'val("a") = "\xff\\xff"\n\nput "q\xff" "\xff\\377"\nget --prefix q\n\n\n',
              b'val("a") != "\xff"\n\nput "q\xff" "\xff\\377"\nget --prefix q\n\n\n',
              '\nput a\n\n\n', '\nput\n\n\n', '\nfoo bar\n\n\n', '\nput a b c\nget a\n\n\n',
              '\nget a --prefix --from-key\n\n\n', '\nput "a\\q" b\n\n\n',
              '\nput a --lease=zz b\n\n\n', '\nput k1 v1\nput k1 v2\n\n\n',
              '\nput k1 v\n\nput k1 v\nput k1 w\n\n', '\nget a --rev=999\n\n\n',
              '\nput k "unterminated\n\n\n', '\nput k un"ter minated\nget --prefix k\n\n\n',
              "\nput k it's\nget --prefix k\n\n\n", '\np kk v\n\n\n', '\ng a\nd kk\n\n\n',
              '\ntxn a\n\n\n', '\nput k "a" -- b\nget k\n\n\n', '\nput k -- -b\nget k\n\n\n',
              '  \n \t\nget a\r\n\n\n', '\n   get    a   \n\n\n', '\n"get" "a"\n\n\n',
              '\nget a --print-value-only\nget a --keys-only\n\n\n',
              '\nput a --ignore-value\n\n\n', '\nput k --ignore-value\n\n\n', '\ndel k k z\n\n\n',
              '\nget a b c d\n\n\n', '\nput k \\x41\nget k\n\n\n', '\nget k --consistency=z\n\n\n',
              '\nget a --order=DESCEND --sort-by=bad\n\n\n', '\nput "" x\n\n\n', '\ndel ""\n\n\n',
              '\nget --limit=1 --prefix a\n\n\n',
              '\n--prev-kv=true put a b\n\n\n', '\n--prev-kv put a b\n\n\n'):
        row(s)
    # there, a usage text comes with these as well
    for s in ('\nget a --bogus\n\n\n', '\nget a -w json\n\n\n', '\nput k -b\nget k\n\n\n'):
        row(s, streams="o")
    many = "\n" + "".join("put many%d v\n" % i for i in range(128)) + "\n\n"
    row(many)
    row(many.replace("\n\n\n", "\nput one-more v\n\n\n"))


def compactions(p):
    row = p.row
    for args in ("compaction 99999", "compaction 5", "compaction 5", "compaction 4",
                 "compaction 0", "compaction -1", "compaction -- -1", "compaction 6 --physical",
                 "compact 7", "compaction 8 -w json", "compaction 8", "compaction --physical=x 9",
                 "get foo --rev=2", "get foo --rev=8", "get a --rev=7 -w json"):
        row(args)
    row('txn', b'\nget a --rev=2\n\n\n')


def connections(p):
    row = p.row
    fast = "--command-timeout=400ms"
    for eps in ("EP", "URL", "URL/", "URL/some/path", "DEAD,EP", "EP,DEAD", "DEAD,URL",
                " EP , DEAD", '"EP"', "EP,", ",EP"):
        row(["--endpoints", eps, "get", "a"], endpoints=False)
        row(["--endpoints=" + eps, "put", "a", "b"], endpoints=False, streams="o")
    row(["get", "a"], env={"ETCDCTL_ENDPOINTS": "EP"}, endpoints=False)
    row(["get", "a"], env={"ETCDCTL_ENDPOINTS": "URL,DEAD"}, endpoints=False)
    row(["--endpoints", "DEAD", "--endpoints", "EP", "get", "a"], endpoints=False)
    row(["--endpoints=", "get", "a"], endpoints=False)
    row(["--endpoints=", "put", "a", "b"], endpoints=False)
    row(["--endpoints=", "endpoint", "status"], endpoints=False)
    row(["--endpoints=", "endpoint", "health"], endpoints=False)
    for bad in ('a"b', '"a', '"a"b', '"a""b', 'x,"'):
        row(["--endpoints=" + bad, fast, "get", "a"], endpoints=False)
    for c in ("get a", "put a b", "del a", "compaction 5", "member list", "endpoint health",
              "endpoint status", "endpoint health --cluster", "endpoint status --cluster",
              "version", "endpoint health -w json", "endpoint status -w json",
              "endpoint health -w fields", "endpoint status -w fields",
              "endpoint health -w table", "endpoint status -w table",
              "endpoint health -w protobuf", "endpoint status -w protobuf"):
        row(["--endpoints=DEAD", fast] + c.split(), endpoints=False, took=True)
    for args, env in ((["get", "a"], {"ETCDCTL_WRITE_OUT": "json"}),
                      (["get", "a"], {"ETCDCTL_WRITE_OUT": "nonsense"}),
                      (["get", "a", "-w", "simple"], {"ETCDCTL_WRITE_OUT": "json"}),
                      (["get", "a"], {"ETCDCTL_ENDPOINTS": "EP"}),
                      (["get", "a"], {"ETCDCTL_HEX": "true"}),
                      (["get", "a"], {"ETCDCTL_HEX": ""}),
                      (["get", "a"], {"ETCDCTL_FOO": "bar"}),
                      (["get", "a"], {"ETCDCTL_PREFIX": "true"}),
                      (["get", "a"], {"ETCDCTL_HELP": "true"}),
                      (["get", "a"], {"ETCDCTL_API": "3"}),
                      (["get", "a"], {"ETCDCTL_API": ""}),
                      (["get", "a"], {"ETCDCTL_API": "4"}),
                      (["version"], {"ETCDCTL_FOO": "bar"}),
                      (["get"], {"ETCDCTL_FOO": "bar"}),
                      (["endpoint", "health"], {"ETCDCTL_CLUSTER": "true"}),
                      (["endpoint", "status"], {"ETCDCTL_CLUSTER": "true"})):
        row(args, env=env, took=True)
    row("get a --debug", streams="o")


def statuses(p):
    """Both programs ask the same server: sizes and indexes show."""
    ep = p.real.ep
    # Ours goes by the order given; the real one by that in which answers come.
    both = ep + ",http://" + ep
    dead = "127.0.0.1:%d" % p.dead
    rows = [(e, c, w) for e in (ep, both) for c in ("health", "status", "status --cluster")
            for w in ("simple", "json", "fields", "table", "protobuf") if (c, e) != ("health", both)]
    rows += [(dead + "," + ep, "status", w) for w in ("simple", "json", "fields", "table")]
    rows += [(ep, "health --cluster", w) for w in ("simple", "json")]
    for e, c, w in rows:
        name = "endpoint %s -w %s %s" % (c, w, "both" if e == both else e)
        if not wanted(name):
            continue
        args = ["--endpoints", e, "--command-timeout=400ms", "endpoint"] + c.split() + ["-w", w]
        for _ in range(5): # the server's background commits may come in between
            real, ours = run(REAL_CTL, args), run(BIN, args)
            if real[1] == ours[1]:
                break
        compare(name, real, ours, took="health" in c)
    args = ["--endpoints", both, "endpoint", "health"]
    real, ours = run(REAL_CTL, args), run(BIN, args)
    sort = lambda r: (r[0], r[1], b"\n".join(sorted(r[2].split(b"\n"))))
    compare("endpoint health of two", sort(real), sort(ours), took=True)


def alarmed():
    """A server without space left: errors in the status, and in a table's cell."""
    if not wanted("alarm"):
        return
    etcd = Etcd("--quota-backend-bytes=65536")
    try:
        etcd.wait()
        for i in range(6):
            run(REAL_CTL, ["--endpoints", etcd.ep, "put", "k%d" % i], b"x" * 30000)
        ep = ["--endpoints", etcd.ep]
        for args in (["put", "a", "b"], ["endpoint", "health"],
                     ["txn"]) + tuple(["endpoint", "status", "-w", w]
                                      for w in ("simple", "json", "fields", "table")):
            for _ in range(5):
                real = run(REAL_CTL, ep + args, b"\nput a b\n\n\n")
                ours = run(BIN, ep + args, b"\nput a b\n\n\n")
                if real[1] == ours[1]:
                    break
            compare("alarm: " + " ".join(args), real, ours, took="health" in args)
    finally:
        etcd.stop()


# --- ours alone ----------------------------------------------------------------------

def expect(name, args, code, out=None, err=None, stdin=b"", env=None, within=None):
    if not wanted(name):
        return
    start = time.time()
    got = run(BIN, args, stdin, env)
    took = time.time() - start
    ok = got[0] == code and (out is None or got[1] == out) and \
        (err is None or err in got[2]) and (within is None or within[0] <= took <= within[1])
    check(name, ok, "want: %r %r %r %r\ngot: %r %.2f s" % (code, out, err, within, got, took))


def on_purpose(p):
    ep = ["--endpoints", p.ours.ep]
    dead = ["--endpoints", "127.0.0.1:%d" % p.dead]
    for f in ("--user=root", "--user=root:x", "--password=x", "--cacert=/x", "--cert=/x", "--key=/x",
              "-dexample.invalid", "--discovery-srv-name=x", "--insecure-transport=false",
              "--insecure-discovery=false", "--insecure-skip-tls-verify"):
        expect("refused: " + f, ep + [f, "get", "a"], 4, b"", b"is not supported yet\n")
    expect("refused from the environment", ep + ["get", "a"], 4, b"",
           b"Error: --user is not supported yet\n", env={"ETCDCTL_USER": "root"})
    for c in ("watch a", "lease grant 5", "member add x", "endpoint hashkv", "snapshot save x",
              "user list", "lock x", "completion bash", "watc a"):
        expect("refused: " + c, ep + c.split(), 4, b"", b"is not supported yet\n")
    expect("refused: help watch", ["help", "watch"], 4, b"", b"not supported yet")
    expect("refused: https", ["--endpoints=https://" + p.ours.ep, "get", "a"], 4, b"",
           b"TLS is not supported yet")
    expect("bad value in the environment", ep + ["get", "none-such"], 0, b"",
           b"ignored invalid value of environment variable ETCDCTL_DIAL_TIMEOUT=x",
           env={"ETCDCTL_DIAL_TIMEOUT": "x"})
    for bad, why in (("foo", b"missing port"), ("", b"missing port"), ("::1", b"missing port"),
                     ("[::1]", b"missing port"), ("a:b", b"invalid port"), ("a:", b"invalid port"),
                     ("a:99999", b"invalid port"), (":5", b"missing host"), ("unix://", b"missing"),
                     ("ftp://a:1", b"unknown scheme")):
        expect("bad endpoint %r" % bad, ["--endpoints", '"%s"' % bad, "get", "a"], 1, b"", why,
               within=(0, 2))
    expect("bad endpoint beside a good one",
           ["--endpoints", "foo," + p.ours.ep, "get", "none-such"], 0, b"")
    expect("bad endpoint, status", ["--endpoints", "foo", "endpoint", "status"], 1, b"",
           b"Failed to get the status of endpoint foo (endpoint \"foo\": missing port in address)")

    # txn's faults that are not repeated
    t = ep + ["txn"]
    expect("txn single quotes", t, 0, b"SUCCESS\n\nOK\n\nsingle key\na 'b\" c\n"[:0] +
           b"SUCCESS\n\nOK\n\nsingle key\nlong value\n",
           stdin=b"\nput 'single key' 'long value'\nget 'single key'\n\n\n")
    expect("txn operator", t, 3, b"", b"unknown operator ~", stdin=b'val("a") ~ "b"\n\n\n\n')
    expect("txn lease none", t, 0, b"SUCCESS\n", stdin=b'lease("none-such") = "0"\n\n\n\n')
    expect("txn lease hex", t, 0, b"FAILURE\n", stdin=b'lease("a") = "7fab"\n\n\n\n')
    expect("txn help", t, 3, b"", b"invalid txn request: get --help",
           stdin=b'\nget --help\n\n\n')
    expect("txn without a command", t, 3, b"", b"invalid txn request: -- get a",
           stdin=b'\n-- get a\n\n\n')
    expect("txn with empty words", t, 3, b"", b"invalid txn request", stdin=b'\n"" ""\n\n\n')
    expect("txn NUL", t, 3, b"", b"NUL", stdin=b'\nget "a\\x00b"\n\n\n')
    expect("txn times out", dead + ["--command-timeout=300ms", "txn"], 1, b"",
           b"Error: context deadline exceeded", stdin=b"\n\n\n", within=(0.25, 2))

    # time
    expect("command timeout from the environment", dead + ["get", "a"], 1, b"",
           b"context deadline exceeded", env={"ETCDCTL_COMMAND_TIMEOUT": "300ms"},
           within=(0.25, 2))
    expect("health of several, all at once",
           ["--endpoints", ",".join(["127.0.0.1:%d" % p.dead] * 8), "--command-timeout=500ms",
            "endpoint", "health"], 1, b"", b"unhealthy cluster", within=(0.4, 2))
    expect("debug", ep + ["--debug", "get", "none-such"], 0, b"",
           b"ETCDCTL_INSECURE_TRANSPORT=true\nETCDCTL_KEEPALIVE_TIME=2s\n")
    if wanted("full device"):
        with open("/dev/full", "w") as full:
            r = subprocess.run([BIN] + ep + ["version"], stdout=full, stderr=subprocess.PIPE,
                               env=clean_env())
        check("full device", r.returncode == 6 and b"cannot write" in r.stderr, repr(r))
    if wanted("unix socket"):
        path = os.path.join(p.ours.dir, "sock")
        s = FakeServer(b"", unix=path)
        expect("unix socket", ["--endpoints=unix://" + path, "get", "a"], 0, b"")
        s.stop()


# --- servers that answer nonsense ------------------------------------------------------

class FakeServer:
    """Just enough HTTP/2 to answer any call with one message of given bytes."""

    def __init__(self, message, status=b"0", text=b"", unix=None, raw=None, drop=False,
                 silent=False):
        self.message, self.status, self.text = message, status, text
        self.raw, self.drop, self.silent, self.calls = raw, drop, silent, 0
        self.sock = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        self.sock.bind(unix or ("127.0.0.1", 0))
        self.sock.listen(8)
        if not unix:
            self.ep = "127.0.0.1:%d" % self.sock.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        self.sock.close()

    def accept(self):
        while True:
            try:
                c, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(c,), daemon=True).start()

    @staticmethod
    def frame(kind, flags, stream, payload):
        return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + \
            struct.pack(">I", stream) + payload

    @staticmethod
    def header(name, value):
        return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value

    def answer(self, c, stream):
        self.calls += 1
        if self.silent:
            return
        if self.drop:
            c.shutdown(socket.SHUT_RDWR)
            return
        h = self.header
        head = b"\x88" + h(b"content-type", b"application/grpc")
        c.sendall(self.frame(1, 4, stream, head))
        if self.message is not None:
            body = b"\0" + struct.pack(">I", len(self.message)) + self.message
            for i in range(0, len(body), 16384):
                c.sendall(self.frame(0, 0, stream, body[i:i + 16384]))
        trailer = h(b"grpc-status", self.status) + h(b"grpc-message", self.text)
        c.sendall(self.frame(1, 5, stream, trailer))

    def serve(self, c):
        try:
            if self.raw is not None:
                c.sendall(self.raw)
                c.recv(1000)
                c.close()
                return
            f = c.makefile("rb")
            f.read(24) # the preface
            c.sendall(self.frame(4, 0, 0, b""))
            while True:
                head = f.read(9)
                if len(head) < 9:
                    return
                size, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
                stream = int.from_bytes(head[5:], "big")
                f.read(size)
                if kind == 4 and not flags & 1:
                    c.sendall(self.frame(4, 1, 0, b""))
                if kind == 6 and not flags & 1:
                    c.sendall(self.frame(6, 1, 0, b"\0" * 8))
                if kind == 0 and flags & 1:
                    self.answer(c, stream)
        except OSError:
            pass


def field(number, payload):
    def varint(n):
        out = b""
        while n > 127:
            out += bytes([n & 127 | 128])
            n >>= 7
        return out + bytes([n])
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def nonsense():
    deep = b""
    for _ in range(20000):
        deep = field(3, field(4, deep)) # TxnResponse.responses, ResponseOp.response_txn
        if len(deep) > 3000000:
            break
    bad = b"malformed reply to /etcdserverpb.KV/"
    every = [c.split() for c in ("get a", "put a b", "del a", "txn", "member list", "endpoint status")]
    rows = [("truncated", b"\x0a\x05\x08", every, 1), ("wire type 7", b"\x0f", every, 1),
            ("length beyond the end", b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f", every, 1),
            ("overlong varint", b"\x08" + b"\xff" * 12, every, 1),
            ("group", b"\x0b\x0c", every, 1), ("field 0", b"\x02\x00", every, None),
            ("no message", None, every, 1),
            ("empty message", b"", every, 0),
            ("unknown fields", b"\xa0\x3f\x05\xaa\x3f\x03abc", every, 0),
            ("deep", deep, [["txn"]], 1)]
    for name, message, commands, code in rows:
        if not wanted("nonsense"):
            return
        server = FakeServer(message)
        for c in commands:
            for w in ("simple", "json", "fields"):
                got = run(BIN, ["--endpoints", server.ep, "--command-timeout=3s", "-w", w] + c,
                          b"\n\n\n")
                ok = got[0] == code if code is not None else got[0] in (0, 1)
                if code == 1:
                    ok = ok and b"malformed reply to /etcdserverpb." in got[2]
                check("nonsense: %s: %s -w %s" % (name, " ".join(c), w), ok, repr(got)[:600])
        server.stop()
    odd = FakeServer(field(2, b"") + field(3, b"") + field(3, field(1, b"")) + field(3, field(4, b"")))
    for w in ("simple", "json", "fields"):
        got = run(BIN, ["--endpoints", odd.ep, "-w", w, "txn"], b"\n\n\n")
        check("nonsense: odd responses -w " + w, got[0] in (0, 1), repr(got))
    odd.stop()
    for raw in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 100, os.urandom(100)):
        server = FakeServer(b"", raw=raw)
        expect("nonsense: not HTTP/2 %r" % raw[:8],
               ["--endpoints", server.ep, "--command-timeout=500ms", "get", "a"], 1, b"",
               b"Error: ", within=(0.4, 3))
        server.stop()
    server = FakeServer(None, silent=True)
    for c in every:
        expect("no answer: " + " ".join(c), ["--endpoints", server.ep, "--command-timeout=300ms"] + c,
               1, b"", b"context deadline exceeded", stdin=b"\n\n\n", within=(0.25, 2))
    check("no answer: asked once each", server.calls == len(every), "%d" % server.calls)
    server.stop()
    server = FakeServer(None, status=b"13", text=b"odd: a <text>")
    expect("an error that is not etcd's", ["--endpoints", server.ep, "get", "a"], 1, b"",
           b"Error: rpc error: code = Internal desc = odd: a <text>\n")
    server.stop()
    server = FakeServer(None, status=b"99", text=b"x")
    expect("an error nobody knows", ["--endpoints", server.ep, "get", "a"], 1, b"", b"Error: rpc error")
    server.stop()


def retries():
    """Reads are sent again, writes never."""
    if not wanted("retries"):
        return
    for args, more in ((["get", "a"], True), (["member", "list"], True),
                       (["endpoint", "status"], True), (["put", "a", "b"], False),
                       (["del", "a"], False), (["txn"], False), (["compaction", "2"], False)):
        for drop in (False, True):
            server = FakeServer(None, status=b"14", text=b"etcdserver: no leader", drop=drop)
            got = run(BIN, ["--endpoints", server.ep, "--command-timeout=600ms"] + args, b"\n\n\n")
            ok = got[0] == 1 and (server.calls > 1 if more else server.calls == 1)
            check("retries: %s%s" % (" ".join(args), " of a dropped connection" if drop else ""), ok,
                  "%d calls, %r" % (server.calls, got))
            server.stop()


def run_parts(parts):
    for part in parts:
        try:
            part()
        except Exception as e: # a thread's would be lost
            check(part.__name__, False, repr(e))


def main():
    start = time.time()
    # What needs no history goes beside what does.
    beside = threading.Thread(target=run_parts, args=((helps, nonsense, retries, alarmed),))
    beside.start()
    p = Pair()
    try:
        for part in (put_get_del, values, arguments, txns, compactions, connections, statuses,
                     on_purpose):
            part(p)
    finally:
        beside.join()
        p.stop()
    print("in %.1f s" % (time.time() - start))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
