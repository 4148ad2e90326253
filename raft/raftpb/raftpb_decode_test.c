/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding: who owns what, and what bytes from anywhere do: nothing but an error.
 */
#include "raft/raft_internal.h"
#include "raft/raftpb/pb_wire.h"
#include "raft/raftpb/raftpb_testing.h"
#include "raft/rafttest/runner.h"

#include <string.h>

static struct raft_buf *buf_of(const void *data, size_t len)
{
	struct raft_buf *buf = raft_buf_new(len);
	memcpy(buf->data, data, len);
	return buf;
}

#define BUF(s) buf_of(s, sizeof(s) - 1)

/* encoded gives m's encoding and frees m. */
static struct raft_buf *encoded(struct raft_message *m)
{
	struct raft_buf *buf = raft_buf_new(raftpb_message_size(m));
	EXPECT_EQ(buf->len, raftpb_message_encode(m, buf->data));
	raft_message_free(m);
	return buf;
}

static struct raft_entry an_entry(raft_index index, const char *data)
{
	struct raft_buf *buf = buf_of(data, strlen(data));
	return (struct raft_entry){
		.term = 1, .index = index, .data = buf->data, .len = buf->len, .buf = buf};
}

/* a_message has everything that a message can have. */
static struct raft_message a_message(void)
{
	struct raft_message m = {
		.type = MSG_STORAGE_APPEND, .to = 300, .from = 2, .term = 3, .index = 1ULL << 60};
	for (int i = 0; i < 3; i++) {
		struct raft_entry e = an_entry((raft_index)i + 1, i == 1 ? "" : "payload");
		raft_entries_push(&m.entries, &e);
		raft_buf_unref(e.buf);
	}
	struct raft_snapshot_metadata md = {
		.index = 5, .term = 1, .conf_state.voters = {.len = 2, .id = {1, 2}}};
	m.snapshot = raft_snapshot_new(&md, BUF("snap"));
	raft_context_set(&m.context, "a context of more than 16 bytes", 31);
	struct raft_message resp = {.type = MSG_APP_RESP, .to = 1};
	raft_messages_push(&m.responses, &resp);
	return m;
}

static enum raft_error decode_error(raftpb_recode recode, struct raft_buf *block)
{
	unsigned char *out = NULL;
	size_t len;
	enum raft_error err = recode(block, &out, &len);
	free(out);
	EXPECT_EQ(1, block->refs);
	raft_buf_unref(block);
	return err;
}

TEST(raftpb_decoded_payloads_are_views)
{
	struct raft_message m = a_message(), got;
	struct raft_buf *block = encoded(&m);
	EXPECT_EQ(RAFT_OK, raftpb_message_decode(block, 0, block->len, &got));
	EXPECT_EQ(3, got.entries.len);
	for (uint32_t i = 0; i < 3; i++) {
		const struct raft_entry *e = &got.entries.v[i];
		EXPECT(e->buf == block);
		EXPECT((const unsigned char *)e->data > block->data);
		EXPECT((const unsigned char *)e->data + e->len < block->data + block->len);
	}
	EXPECT_MEM_EQ("payload", got.entries.v[0].data, 7);
	EXPECT(got.snapshot->buf == block);
	EXPECT_MEM_EQ("snap", got.snapshot->data, 4);
	EXPECT(raft_context_equal(&got.context, "a context of more than 16 bytes", 31));
	EXPECT_EQ(5, block->refs); /* ours, three entries', the snapshot's */

	/* they outlive the caller's reference */
	struct raft_entries kept = raft_entries_move(&got.entries);
	raft_message_free(&got);
	EXPECT_EQ(4, block->refs);
	raft_buf_unref(block);
	EXPECT_MEM_EQ("payload", kept.v[2].data, 7);
	raft_entries_free(&kept);
}

TEST(raftpb_decode_from_the_middle)
{
	struct raft_buf *block = BUF("\xff\xff\x08\x01\x10\x05\x18\x07\x22\x01x\xff");
	struct raft_entry e;
	EXPECT_EQ(RAFT_OK, raftpb_entry_decode(block, 2, 9, &e));
	EXPECT_EQ(5, e.term);
	EXPECT_EQ(7, e.index);
	EXPECT_EQ(1, e.len);
	EXPECT(e.data == block->data + 10);
	raft_buf_unref(e.buf);
	EXPECT_EQ(RAFT_ERR_MALFORMED, raftpb_entry_decode(block, 2, 10, &e));
	EXPECT(e.buf == NULL && e.index == 0);
	raft_buf_unref(block);
}

/* As everywhere in protobuf: any order, the last scalar counts, lists grow. */
TEST(raftpb_decode_any_order)
{
	struct raft_buf *block = BUF("\x18\x03" /* from */
				     "\x3a\x02\x18\x01" /* an entry */
				     "\x08\x03" /* type */
				     "\x3a\x05\x22\x01x\x18\x02" /* another, data first */
				     "\x18\x04"); /* from, again */
	struct raft_message m;
	EXPECT_EQ(RAFT_OK, raftpb_message_decode(block, 0, block->len, &m));
	EXPECT_EQ(MSG_APP, m.type);
	EXPECT_EQ(4, m.from);
	EXPECT_EQ(2, m.entries.len);
	EXPECT_EQ(1, m.entries.v[0].index);
	EXPECT(m.entries.v[0].data == NULL);
	EXPECT_EQ(2, m.entries.v[1].index);
	EXPECT_EQ(1, m.entries.v[1].len);
	raft_message_free(&m);
	raft_buf_unref(block);
}

TEST(raftpb_decode_nothing)
{
	/* no bytes are a message of which nothing is said */
	for (size_t i = 0; i < RAFTPB_KINDS; i++)
		EXPECT_EQ(RAFT_OK, decode_error(raftpb_kinds[i].recode, raft_buf_new(0)));
}

TEST(raftpb_decode_skips_unknown_fields)
{
	struct raft_buf *block = BUF("\x10\x05" /* term */
				     "\x78\x80\x01" /* 15: a varint */
				     "\x79""12345678" /* 15: eight bytes */
				     "\x7d""1234" /* 15: four bytes */
				     "\x82\x01\x03""abc" /* 16: bytes */
				     "\x18\x06"); /* index */
	struct raft_entry e;
	EXPECT_EQ(RAFT_OK, raftpb_entry_decode(block, 0, block->len, &e));
	EXPECT_EQ(5, e.term);
	EXPECT_EQ(6, e.index);
	EXPECT(e.data == NULL);
	raft_buf_unref(block);
}

TEST(raftpb_decode_refuses_wrong_types)
{
	/* types and transitions that there are not */
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x08\x03")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, BUF("\x08\x18")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, BUF("\x3a\x02\x08\x03")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, BUF("\x72\x02\x08\x18")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_conf_change, BUF("\x10\x04")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_conf_change_v2, BUF("\x08\x03")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_conf_change_v2, BUF("\x12\x02\x08\x04")));
	/* -1 */
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_conf_change_v2,
					      BUF("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")));

	/* a known field in another wire type, field 0, a group */
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x12\x00")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, BUF("\x38\x00")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_hard_state, BUF("\x0a\x00")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x00\x00")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x7b\x7c")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x7c")));
}

TEST(raftpb_decode_refuses_broken_lengths)
{
	/* a varint without an end, one of eleven bytes, a tag beyond 32 bits */
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x10\x80")));
	EXPECT_EQ(RAFT_ERR_MALFORMED,
		decode_error(recode_entry, BUF("\x10\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")));
	EXPECT_EQ(RAFT_ERR_MALFORMED,
		decode_error(recode_entry, BUF("\x90\x80\x80\x80\x80\x80\x80\x80\x01\x01")));
	/* bytes past the end; so many that an addition would wrap */
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x22\x02x")));
	EXPECT_EQ(RAFT_ERR_MALFORMED,
		decode_error(recode_entry, BUF("\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x")));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, BUF("\x3a\x02\x22\x7f")));
	EXPECT_EQ(RAFT_ERR_MALFORMED,
		decode_error(recode_message, BUF("\x4a\x04\x12\x02\x0a\x01")));
	/* an unknown field that is cut off */
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_entry, BUF("\x79""1234567")));
}

/* nested gives a message in depth more, each the response of the next. */
static struct raft_buf *nested(unsigned depth)
{
	struct raft_buf *buf = BUF("\x08\x04");
	for (; depth > 0; depth--) {
		struct raft_buf *outer = raft_buf_new(pb_bytes_size(buf->len));
		pb_put_bytes(outer->data, 14, buf->data, buf->len);
		raft_buf_unref(buf);
		buf = outer;
	}
	return buf;
}

TEST(raftpb_decode_refuses_depth_bombs)
{
	EXPECT_EQ(RAFT_OK, decode_error(recode_message, nested(0)));
	EXPECT_EQ(RAFT_OK, decode_error(recode_message, nested(1)));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, nested(2)));
	EXPECT_EQ(RAFT_ERR_MALFORMED, decode_error(recode_message, nested(10000)));
}

/* members gives a ConfState of n voters, packed or one by one. */
static struct raft_buf *members(size_t n, bool packed)
{
	struct raft_buf *buf = raft_buf_new(packed ? pb_bytes_size(n) : 2 * n);
	unsigned char *p = buf->data;
	if (packed)
		p = pb_put_header(p, 1, n);
	for (size_t i = 0; i < n; i++)
		p = packed ? pb_put_varint(p, i % 100) : pb_put_uint(p, 1, i % 100);
	return buf;
}

TEST(raftpb_decode_refuses_too_many_members)
{
	for (int packed = 0; packed < 2; packed++) {
		EXPECT_EQ(RAFT_OK, decode_error(recode_conf_state, members(RAFT_MAX_MEMBERS, packed)));
		EXPECT_EQ(RAFT_ERR_TOO_MANY_MEMBERS,
			decode_error(recode_conf_state, members(RAFT_MAX_MEMBERS + 1, packed)));
	}
	struct raft_buf *cs = members(RAFT_MAX_MEMBERS + 1, true);
	struct raft_buf *snap = raft_buf_new(4 + cs->len);
	memcpy(snap->data, "\x12\x45\x0a\x43", 4);
	memcpy(snap->data + 4, cs->data, cs->len);
	EXPECT_EQ(0x43, cs->len);
	raft_buf_unref(cs);
	EXPECT_EQ(RAFT_ERR_TOO_MANY_MEMBERS, decode_error(recode_snapshot, snap));
}

/* A snapshot said in two parts is one, as the original's decoder has it. */
TEST(raftpb_decode_merges_snapshots)
{
	struct raft_buf *block = BUF("\x4a\x0b\x0a\x01x\x12\x06\x0a\x02\x08\x01\x10\x05"
				     "\x4a\x08\x12\x06\x0a\x02\x08\x02\x18\x07");
	struct raft_message m;
	EXPECT_EQ(RAFT_OK, raftpb_message_decode(block, 0, block->len, &m));
	EXPECT_EQ(1, m.snapshot->len);
	EXPECT_EQ(5, m.snapshot->metadata.index);
	EXPECT_EQ(7, m.snapshot->metadata.term);
	EXPECT_EQ(2, m.snapshot->metadata.conf_state.voters.len);
	EXPECT_EQ(2, m.snapshot->metadata.conf_state.voters.id[1]);
	raft_message_free(&m);
	raft_buf_unref(block);
}

/* Cut off anywhere, a message is an error or a shorter message; never more. The
 * copy ends where its memory does, so that a sanitizer sees a read past it. */
TEST(raftpb_decode_truncated_at_each_byte)
{
	struct raft_message m = a_message();
	struct raft_buf *whole = encoded(&m);
	for (size_t len = 0; len <= whole->len; len++) {
		for (size_t k = 0; k < RAFTPB_KINDS; k++) {
			enum raft_error err =
				decode_error(raftpb_kinds[k].recode, buf_of(whole->data, len));
			EXPECT(err == RAFT_OK || err == RAFT_ERR_MALFORMED);
		}
	}
	raft_buf_unref(whole);
}

/* One byte changed: the same. What still is a message, is one in earnest: it
 * can be written, and read again as the same. */
TEST(raftpb_decode_each_byte_changed)
{
	struct raft_message m = a_message();
	struct raft_buf *whole = encoded(&m);
	for (size_t i = 0; i < whole->len; i++) {
		static const unsigned char masks[] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80, 0xff};
		for (size_t j = 0; j < sizeof(masks); j++) {
			struct raft_buf *bad = buf_of(whole->data, whole->len);
			bad->data[i] ^= masks[j];
			unsigned char *once = NULL, *twice = NULL;
			size_t once_len = 0, twice_len = 0;
			if (recode_message(bad, &once, &once_len) == RAFT_OK) {
				struct raft_buf *again = buf_of(once, once_len);
				EXPECT_EQ(RAFT_OK, recode_message(again, &twice, &twice_len));
				EXPECT_EQ(once_len, twice_len);
				EXPECT_MEM_EQ(once, twice, once_len);
				raft_buf_unref(again);
				free(once);
				free(twice);
			}
			EXPECT_EQ(1, bad->refs);
			raft_buf_unref(bad);
		}
	}
	raft_buf_unref(whole);
}

TEST(raftpb_decode_random_bytes)
{
	uint64_t x = 88172645463325252ULL;
	for (int round = 0; round < 20000; round++) {
		struct raft_buf *block = raft_buf_new((size_t)round % 64);
		for (uint32_t i = 0; i < block->len; i++) {
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			/* mostly small numbers: they get further in */
			block->data[i] = (unsigned char)(x >> (x & 1 ? 8 : 11) & (x & 2 ? 0xff : 0x7f));
		}
		decode_error(raftpb_kinds[(size_t)round % RAFTPB_KINDS].recode, block);
	}
}
