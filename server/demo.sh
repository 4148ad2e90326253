#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `make demo` shows: a node is started, a key goes in and comes out again.
# usage: demo.sh DIR, the directory of etcd and etcdctl
set -eu
bin=$1
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

say() { printf '\n$ %s\n' "$*"; }

# A port may be taken: the node says so and ends, and the next is tried.
port=$((20000 + $$ % 20000))
for try in 1 2 3 4 5 6 7 8 9 10; do
	client=http://127.0.0.1:$port
	peer=http://127.0.0.1:$((port + 1))
	"$bin/etcd" --data-dir "$dir/data" --listen-client-urls $client --advertise-client-urls $client \
		--listen-peer-urls $peer --initial-advertise-peer-urls $peer >"$dir/log" 2>&1 &
	pid=$!
	wait=0
	while [ $wait -lt 100 ] && ! grep -q '"fatal"' "$dir/log"; do
		if grep -q 'there is no leader' "$dir/log"; then
			grep 'there is no leader' "$dir/log"
			echo 'The node has no leader, so it can store nothing. Are all blanks filled in? ./raftLab_test.sh tells.'
			exit 1
		fi
		if grep -q 'serving client traffic' "$dir/log"; then
			"$bin/etcdctl" --endpoints $client --command-timeout 1s endpoint health >/dev/null 2>&1 && break 2
		fi
		wait=$((wait + 1))
		sleep 0.1
	done
	kill $pid 2>/dev/null || true
	wait $pid 2>/dev/null || true
	pid=
	# Only a port that is taken is worth another try.
	[ $try -lt 10 ] && grep -q 'cannot listen' "$dir/log" || { tail -n 3 "$dir/log"; exit 1; }
	port=$((port + 2))
done

say "$bin/etcd --data-dir $dir/data --listen-client-urls $client --advertise-client-urls $client ..."
echo "started, process $pid"
export ETCDCTL_ENDPOINTS=$client
say "$bin/etcdctl put greeting 'hello, raft'"
"$bin/etcdctl" put greeting 'hello, raft'
say "$bin/etcdctl get greeting"
"$bin/etcdctl" get greeting
say "$bin/etcdctl endpoint status -w table"
"$bin/etcdctl" endpoint status -w table
say "kill $pid"
kill $pid
wait $pid
pid=
echo stopped
