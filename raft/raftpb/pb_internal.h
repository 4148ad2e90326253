/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of raftpb/ share with each other.
 */
#ifndef RAFT_RAFTPB_PB_INTERNAL_H
#define RAFT_RAFTPB_PB_INTERNAL_H

#include "raft/raft_internal.h"
#include "raft/raftpb/pb_wire.h"
#include "raft/raftpb/raftpb.h"

#include <protobuf-c/protobuf-c.h>

/* pb_entry_read reads an entry whose payload lies in block, *without* taking the
 * reference to it: who reads many entries takes them in one go.
 * Returns: false if it is malformed. */
bool pb_entry_read(struct raft_buf *block, struct pb_reader r, struct raft_entry *e);

/* pb_snapshot_merge reads a snapshot into *snap: as everywhere in protobuf, what
 * is there already stays unless it is said again, and lists grow.
 * Requires: snap has no other owner. */
enum raft_error pb_snapshot_merge(
	struct raft_buf *block, struct pb_reader r, struct raft_snapshot *snap);

/* pb_conf_state_merge: the same for a configuration. */
enum raft_error pb_conf_state_merge(const void *data, size_t len, struct raft_conf_state *cs);

/* pb_unpack is protobuf_c_message_unpack() with our memory, which never runs out.
 * Returns: NULL if data is malformed; else the caller frees it by pb_free(). */
ProtobufCMessage *pb_unpack(
	const ProtobufCMessageDescriptor *type, const void *data, size_t len);
void pb_free(ProtobufCMessage *msg);

#endif
