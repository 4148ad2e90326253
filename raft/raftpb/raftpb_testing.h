/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests and the fuzz target of raftpb share: each kind of encoding
 * behind one function that decodes and encodes again.
 */
#ifndef RAFT_RAFTPB_RAFTPB_TESTING_H
#define RAFT_RAFTPB_RAFTPB_TESTING_H

#include "raft/raftpb/raftpb.h"

#include <stdlib.h>

/* A raftpb_recode decodes all of block and encodes the result anew.
 *
 * Returns: what decoding says; on RAFT_OK *out is the encoding, *len bytes, to be
 *          freed. */
typedef enum raft_error (*raftpb_recode)(struct raft_buf *block, unsigned char **out, size_t *len);

/* The body that they have in common: value is decoded already. */
#define RAFTPB_ENCODE(kind, value)                                                                 \
	do {                                                                                       \
		*len = raftpb_##kind##_size(value);                                                \
		*out = malloc(*len + 1);                                                           \
		if (raftpb_##kind##_encode(value, *out) != *len)                                   \
			abort();                                                                   \
	} while (0)

static inline enum raft_error recode_message(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_message m;
	enum raft_error err = raftpb_message_decode(block, 0, block->len, &m);
	if (err)
		return err;
	RAFTPB_ENCODE(message, &m);
	raft_message_free(&m);
	return RAFT_OK;
}

static inline enum raft_error recode_entry(struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_entry e;
	enum raft_error err = raftpb_entry_decode(block, 0, block->len, &e);
	if (err)
		return err;
	RAFTPB_ENCODE(entry, &e);
	raft_buf_unref(e.buf);
	return RAFT_OK;
}

static inline enum raft_error recode_snapshot(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_snapshot *snap;
	enum raft_error err = raftpb_snapshot_decode(block, 0, block->len, &snap);
	if (err)
		return err;
	RAFTPB_ENCODE(snapshot, snap);
	raft_snapshot_unref(snap);
	return RAFT_OK;
}

static inline enum raft_error recode_hard_state(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_hard_state hs;
	enum raft_error err = raftpb_hard_state_decode(block->data, block->len, &hs);
	if (err)
		return err;
	RAFTPB_ENCODE(hard_state, &hs);
	return RAFT_OK;
}

static inline enum raft_error recode_conf_state(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_conf_state cs;
	enum raft_error err = raftpb_conf_state_decode(block->data, block->len, &cs);
	if (err)
		return err;
	RAFTPB_ENCODE(conf_state, &cs);
	return RAFT_OK;
}

static inline enum raft_error recode_conf_change(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_conf_change cc;
	enum raft_error err = raftpb_conf_change_decode(block->data, block->len, &cc);
	if (err)
		return err;
	RAFTPB_ENCODE(conf_change, &cc);
	return RAFT_OK;
}

static inline enum raft_error recode_conf_change_v2(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_conf_change_v2 cc;
	enum raft_error err = raftpb_conf_change_v2_decode(block->data, block->len, &cc);
	if (err)
		return err;
	RAFTPB_ENCODE(conf_change_v2, &cc);
	raftpb_conf_change_v2_free(&cc);
	return RAFT_OK;
}

/* recode_entry_conf_change takes block for the payload of an entry. */
static inline enum raft_error recode_entry_conf_change(
	struct raft_buf *block, unsigned char **out, size_t *len)
{
	struct raft_entry e = {
		.type = RAFT_ENTRY_CONF_CHANGE,
		.data = block->data,
		.len = block->len,
		.buf = block,
	};
	struct raft_conf_change_v2 cc;
	enum raft_error err = raftpb_entry_conf_change_decode(&e, &cc);
	if (err)
		return err;
	RAFTPB_ENCODE(conf_change_v2, &cc);
	raftpb_conf_change_v2_free(&cc);
	return RAFT_OK;
}

static const struct raftpb_kind {
	const char *name;
	raftpb_recode recode;
} raftpb_kinds[] = {
	{"message", recode_message},
	{"entry", recode_entry},
	{"snapshot", recode_snapshot},
	{"hard_state", recode_hard_state},
	{"conf_state", recode_conf_state},
	{"conf_change", recode_conf_change},
	{"conf_change_v2", recode_conf_change_v2},
	{"entry_conf_change", recode_entry_conf_change},
};

#define RAFTPB_KINDS (sizeof(raftpb_kinds) / sizeof(raftpb_kinds[0]))

#endif
