#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds bin/etcd and bin/etcdctl, and first sees to the Debian packages it needs.
#
#	./build.sh                      install what is missing, build
#	./build.sh --deps [GROUP...]    only install; groups: build (default), lab, test
#	./build.sh --list [GROUP...]    only say which packages these are
#
# As root, or where sudo asks for no password, packages are installed; otherwise
# the one command that does it is printed.
set -eu
cd "$(dirname "$0")"

# What each group needs. This is the only list of packages.
packages() {
	case $1 in
	lab) # raft/ and raftLab_test.sh: a student needs no more
		echo gcc libc6-dev make libprotobuf-c-dev python3 ;;
	build) # bin/etcd and bin/etcdctl
		packages lab
		echo binutils protobuf-compiler protobuf-c-compiler libgrpc-dev libmicrohttpd-dev liblmdb-dev libisal-dev libssl-dev \
			libjansson-dev pkg-config ;;
	test) # make test: the real etcd and etcdctl, sanitizers, fuzzers, gdb
		packages build
		echo etcd-server etcd-client clang libclang-rt-dev gdb git curl ;;
	*)
		echo "build.sh: no such group: $1 (there are: build lab test)" >&2
		exit 1 ;;
	esac
}

list() {
	for group in "${@:-build}"; do packages "$group"; done | tr ' ' '\n' | sort -u
}

missing() {
	for p in $(list "$@"); do
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"
	done
}

deps() {
	list "$@" >/dev/null
	if ! command -v dpkg-query >/dev/null; then
		echo "build.sh: not a Debian system; these packages, or what they are called here, are needed:" >&2
		list "$@" | tr '\n' ' ' >&2
		echo >&2
		return
	fi
	absent=$(missing "$@" | tr '\n' ' ')
	[ -n "$absent" ] || return 0
	if [ "$(id -u)" = 0 ]; then
		sudo=
	elif sudo -n true 2>/dev/null; then
		sudo=sudo
	else
		echo "build.sh: packages are missing. Install them with:" >&2
		echo "    sudo apt-get install --no-install-recommends $absent" >&2
		exit 1
	fi
	echo "installing: $absent"
	# The package lists of a fresh system may be absent or old: only then fetch them.
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $absent >/dev/null 2>&1 ||
		{ $sudo apt-get update -q &&
			$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $absent; }
	# Debian's etcd is wanted for comparison, not as a service on port 2379.
	case " $absent" in *" etcd-server "*)
		$sudo systemctl disable --now etcd >/dev/null 2>&1 || true ;;
	esac
}

case ${1:-} in
--deps)
	shift
	deps "$@"
	exit ;;
--list)
	shift
	list "$@"
	exit ;;
-h | --help)
	sed -n '4,11s/^# \{0,1\}//p' "$0"
	exit ;;
'') ;;
*)
	echo "build.sh: what is $1? See ./build.sh --help" >&2
	exit 1 ;;
esac

deps build
make -j"$(nproc)" bin/etcd bin/etcdctl
echo 'built bin/etcd and bin/etcdctl'
