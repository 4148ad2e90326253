/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How raft's values look as bytes: etcd's raftpb (raft.proto), so that files and
 * peers of etcd can be read and written. The only code of the library that knows
 * protobuf-c; everything else sees plain structs.
 *
 * Encodings are byte for byte those of the original, which writes every
 * non-optional field even if it is zero.
 */
#ifndef RAFT_RAFTPB_RAFTPB_H
#define RAFT_RAFTPB_RAFTPB_H

#include "raft/raft.h"

/* raftpb_X_size gives the bytes of an encoding, raftpb_X_encode writes them to
 * out, which has room for them, and returns how many. */
RAFT_API size_t raftpb_message_size(const struct raft_message *m);
RAFT_API size_t raftpb_message_encode(const struct raft_message *m, void *out);
RAFT_API size_t raftpb_entry_size(const struct raft_entry *e);
RAFT_API size_t raftpb_entry_encode(const struct raft_entry *e, void *out);
RAFT_API size_t raftpb_hard_state_size(const struct raft_hard_state *hs);
RAFT_API size_t raftpb_hard_state_encode(const struct raft_hard_state *hs, void *out);
RAFT_API size_t raftpb_conf_state_size(const struct raft_conf_state *cs);
RAFT_API size_t raftpb_conf_state_encode(const struct raft_conf_state *cs, void *out);
RAFT_API size_t raftpb_snapshot_size(const struct raft_snapshot *snap);
RAFT_API size_t raftpb_snapshot_encode(const struct raft_snapshot *snap, void *out);
RAFT_API size_t raftpb_conf_change_size(const struct raft_conf_change *cc);
RAFT_API size_t raftpb_conf_change_encode(const struct raft_conf_change *cc, void *out);
RAFT_API size_t raftpb_conf_change_v2_size(const struct raft_conf_change_v2 *cc);
RAFT_API size_t raftpb_conf_change_v2_encode(const struct raft_conf_change_v2 *cc, void *out);

/* Decoding takes bytes from anywhere and never crashes on them:
 * RAFT_ERR_MALFORMED, with the result left all zeros, if they are no encoding,
 * are nested deeper than responses can be, or name a type that there is not;
 * RAFT_ERR_TOO_MANY_MEMBERS for a ConfState past RAFT_MAX_MEMBERS. */

/* raftpb_message_decode reads the message that fills block from offset on, for
 * len bytes.
 *
 * Ownership: payloads are views into block, one reference each; the caller
 *            keeps its own reference, and frees *m by raft_message_free(). */
RAFT_API enum raft_error raftpb_message_decode(
	struct raft_buf *block, size_t offset, size_t len, struct raft_message *m);

/* raftpb_entry_decode: the same for an entry; drop its payload's reference
 * (raft_buf_unref(e->buf)) when done. */
RAFT_API enum raft_error raftpb_entry_decode(
	struct raft_buf *block, size_t offset, size_t len, struct raft_entry *e);

/* raftpb_snapshot_decode: the same for a snapshot, one reference to the caller. */
RAFT_API enum raft_error raftpb_snapshot_decode(
	struct raft_buf *block, size_t offset, size_t len, struct raft_snapshot **snap);

RAFT_API enum raft_error raftpb_hard_state_decode(
	const void *data, size_t len, struct raft_hard_state *hs);
RAFT_API enum raft_error raftpb_conf_state_decode(
	const void *data, size_t len, struct raft_conf_state *cs);

/* raftpb_conf_change_decode reads a change; its context points into data. */
RAFT_API enum raft_error raftpb_conf_change_decode(
	const void *data, size_t len, struct raft_conf_change *cc);

/* raftpb_conf_change_v2_decode reads a change; its context points into data,
 * its changes are freed by raftpb_conf_change_v2_free(). */
RAFT_API enum raft_error raftpb_conf_change_v2_decode(
	const void *data, size_t len, struct raft_conf_change_v2 *cc);
RAFT_API void raftpb_conf_change_v2_free(struct raft_conf_change_v2 *cc);

/* raftpb_entry_conf_change_decode reads the change in an entry of either type
 * as a raft_conf_change_v2, to be freed by raftpb_conf_change_v2_free().
 * Requires: e is of type RAFT_ENTRY_CONF_CHANGE or RAFT_ENTRY_CONF_CHANGE_V2. */
RAFT_API enum raft_error raftpb_entry_conf_change_decode(
	const struct raft_entry *e, struct raft_conf_change_v2 *cc);

#endif
