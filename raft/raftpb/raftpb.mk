# SPDX-License-Identifier: Apache-2.0
#
# raft.pb-c.[ch] are made from raft.proto and kept in the repository, so that
# libraft builds without a protobuf compiler. Included by the Makefile.

RAFTPB_GEN := raft/raftpb/raft.pb-c.c raft/raftpb/raft.pb-c.h

.PHONY: generate check-generate
## generate: make raft/raftpb/raft.pb-c.[ch] anew from raft.proto (needs protoc-c)
generate:
	protoc-c --c_out=. -I. raft/raftpb/raft.proto

## check-generate: fail if raft/raftpb/raft.pb-c.[ch] are not what raft.proto says
check-generate:
	@d=$$(mktemp -d) && trap 'rm -rf "$$d"' EXIT && \
	protoc-c --c_out="$$d" -I. raft/raftpb/raft.proto && \
	for f in $(RAFTPB_GEN); do cmp "$$d/$$f" $$f || { echo "run: make generate"; exit 1; }; done
