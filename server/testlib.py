# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: starting servers (ours and Debian's etcd) on
free loopback ports with scratch directories, talking HTTP to them, running
etcdctl, and a runner that ends with `N passed, M failed`.

Whatever is started is stopped by its process id, also when a test fails."""

import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, os.environ.get("BIN_DIR", "bin"))
OURS = os.path.join(BIN, "etcd")
REAL = "/usr/bin/etcd"
REAL_CTL = "/usr/bin/etcdctl"
# Sanitized programs are slower to start and to stop.
SLOW = 5 if ("address" in BIN or "thread" in BIN) else 1

_used = set()


def free_port():
    """A port that nobody listens on, and that was not given out before."""
    while True:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        if port not in _used:
            _used.add(port)
            return port


def b64(s):
    if isinstance(s, str):
        s = s.encode()
    return base64.b64encode(s).decode()


class Server:
    """One etcd process, ours or the real one; a context manager."""

    all = []

    def __init__(self, binary=OURS, args=(), env=None, data_dir=None, wait=True):
        self.binary = binary
        self.args = list(args)
        self.env = env
        self.dir = data_dir or tempfile.mkdtemp(prefix="raftlab-")
        self.own_dir = data_dir is None
        self.port, self.peer_port = free_port(), free_port()
        self.log_path = os.path.join(tempfile.gettempdir(), "raftlab-%d-%d.log" % (os.getpid(), self.port))
        self.proc = None
        Server.all.append(self)
        self.start(wait)

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def start(self, wait=True):
        client, peer = self.url, "http://127.0.0.1:%d" % self.peer_port
        cmd = [self.binary, "--data-dir", self.dir + "/data", "--listen-client-urls", client,
               "--advertise-client-urls", client, "--listen-peer-urls", peer,
               "--initial-advertise-peer-urls", peer, "--initial-cluster", "default=" + peer] + self.args
        if self.binary == REAL:
            cmd += ["--logger", "zap"]
        env = dict(os.environ)
        # libgrpc and libmicrohttpd are not instrumented: TSan does not see how they
        # synchronize inside, so it looks at our own accesses only.
        env.setdefault("TSAN_OPTIONS", "ignore_noninstrumented_modules=1")
        env.update(self.env or {})
        self.log = open(self.log_path, "ab")
        self.proc = subprocess.Popen(cmd, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=env)
        if wait:
            self.wait_healthy()

    def wait_healthy(self, seconds=15):
        end = time.time() + seconds * SLOW
        while time.time() < end:
            if self.proc.poll() is not None:
                raise AssertionError("server ended with %s:\n%s" % (self.proc.returncode, self.log_text()))
            try:
                if self.http("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.005)
        raise AssertionError("server is not healthy:\n" + self.log_text())

    def log_text(self):
        with open(self.log_path, "rb") as f:
            return f.read().decode("utf-8", "replace")

    def log_lines(self):
        """The log as objects; fails if a line is no JSON."""
        return [json.loads(line) for line in self.log_text().splitlines()]

    def kill(self):
        self.proc.kill()
        self.proc.wait()

    def stop(self):
        """SIGTERM; gives the exit status and how long it took."""
        start = time.time()
        self.proc.terminate()
        status = self.proc.wait(20 * SLOW)
        return status, time.time() - start

    def close(self):
        if self.proc and self.proc.poll() is None:
            self.kill()
        self.log.close()
        if self.own_dir:
            shutil.rmtree(self.dir, ignore_errors=True)
        if os.path.exists(self.log_path):
            os.unlink(self.log_path)
        if self in Server.all:
            Server.all.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if exc[0] and self.proc:
            sys.stderr.write("--- end of the server's log\n" + self.log_text()[-1500:])
        self.close()

    def http(self, method, path, body=None, port=None, timeout=20):
        """One request; gives (status, headers, body as text)."""
        conn = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=timeout)
        try:
            conn.request(method, path, body)
            resp = conn.getresponse()
            return resp.status, resp.headers, resp.read().decode()
        finally:
            conn.close()

    def post(self, path, message):
        status, _, body = self.http("POST", path, json.dumps(message))
        return status, json.loads(body)

    def put(self, key, value, **more):
        return self.post("/v3/kv/put", dict(key=b64(key), value=b64(value), **more))

    def range(self, key, **more):
        return self.post("/v3/kv/range", dict(key=b64(key), **more))

    def ctl(self, *args, stdin=None, binary=REAL_CTL, timeout=60):
        """Runs etcdctl; gives (exit status, stdout, stderr)."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("ETCDCTL_")}
        env["ETCDCTL_API"] = "3"
        p = subprocess.run([binary, "--endpoints", "127.0.0.1:%d" % self.port] + list(args), input=stdin, env=env,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, text=True)
        return p.returncode, p.stdout, p.stderr


def run_ours(*args, env=None):
    """Runs our server to its end; gives (exit status, stdout, stderr)."""
    e = {k: v for k, v in os.environ.items() if not k.startswith("ETCD_")}
    e.update(env or {})
    p = subprocess.run([OURS] + list(args), env=e, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, text=True)
    return p.returncode, p.stdout, p.stderr


def equal(want, got, what=""):
    if want != got:
        raise AssertionError("%s\n  want %r\n  got  %r" % (what, want, got))


def main(tests):
    """Runs all test_... of a module's globals(), or those that contain a word of
    the command line."""
    words = [a for a in sys.argv[1:] if not a.startswith("-")]
    passed = failed = 0
    for name, fn in list(tests.items()):
        if not name.startswith("test_") or (words and not any(w in name for w in words)):
            continue
        start = time.time()
        try:
            fn()
            passed += 1
            print("ok   %s (%.1f s)" % (name, time.time() - start), flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print("fail %s\n%s" % (name, traceback.format_exc()), flush=True)
        for s in list(Server.all):
            s.close()
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)
