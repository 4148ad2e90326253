#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# install_test.sh uses libraft as a stranger would: installs it into an empty
# place, builds a small program by pkg-config against each of the two libraries,
# and looks at what libraft.so shows to the world.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

check() { # check NAME COMMAND...
	name=$1
	shift
	if "$@" >"$dir/log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		cat "$dir/log"
	fi
}

cat >"$dir/user.c" <<'END'
#include <raft/raft.h>
#include <stdio.h>

/* A cluster of one elects itself, and commits what is proposed. */
int main(void)
{
	struct raft_memory_storage *ms = raft_memory_storage_new();
	struct raft_config c = {
		.id = 1, .election_tick = 10, .heartbeat_tick = 1,
		.storage = raft_memory_storage_base(ms),
		.max_size_per_msg = 1 << 20, .max_inflight_msgs = 256,
	};
	struct raft_rawnode *rn;
	struct raft_peer self = {.id = 1};
	if (raft_rawnode_new(&c, &rn) || raft_rawnode_bootstrap(rn, &self, 1))
		return 1;
	int applied = 0;
	for (int i = 0; i < 40; i++) {
		raft_rawnode_tick(rn);
		if (i == 30 && raft_rawnode_propose(rn, "hello", 5))
			return 2;
		while (raft_rawnode_has_ready(rn)) {
			const struct raft_ready *rd = raft_rawnode_ready(rn);
			raft_memory_storage_append(ms, rd->entries, rd->entries_len);
			for (size_t k = 0; k < rd->committed_entries_len; k++)
				applied += rd->committed_entries[k].len == 5;
			raft_rawnode_advance(rn);
		}
	}
	printf("applied %d\n", applied);
	raft_rawnode_free(rn);
	raft_memory_storage_free(ms);
	return applied == 1 ? 0 : 3;
}
END

shows_only_raft() {
	others=$(nm -D --defined-only "$dir/usr/lib/libraft.so" | awk '{ print $3 }' |
		grep -v -E '^raft(pb)?_' )
	[ -z "$others" ] || { echo "libraft.so also shows: $others"; return 1; }
}

check "make install" "${MAKE:-make}" -s install DESTDIR="$dir" PREFIX=/usr
export PKG_CONFIG_PATH="$dir/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$dir"
cc=${CC:-cc}
check "build with the shared library" \
	sh -c "$cc -o $dir/shared $dir/user.c \$(pkg-config --cflags --libs raft)"
check "run with the shared library" env LD_LIBRARY_PATH="$dir/usr/lib" "$dir/shared"
check "build with the static library" \
	sh -c "$cc -o $dir/static $dir/user.c \$(pkg-config --cflags raft) $dir/usr/lib/libraft.a -lprotobuf-c"
check "run with the static library" "$dir/static"
check "the shared library shows only raft's names" shows_only_raft

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
