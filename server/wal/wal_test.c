/* SPDX-License-Identifier: Apache-2.0 */
/* etcd's wal_test.go, repair_test.go and record_test.go in meaning, and what
 * a disk can do to a file, byte by byte. */
#include "server/wal/wal_internal.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raft/rafttest/runner.h"
#include "server/testdir.h"
#include "server/wal/crc32c.h"

static const struct wal_metadata md = {
	.node_id = 0x8e9e05c52164694d, .cluster_id = 0xcdf818194e3a8c32};

#define EXPECT_WAL_OK(call)                                                                        \
	do {                                                                                       \
		enum wal_error err_ = (call);                                                      \
		if (err_)                                                                          \
			FAIL("%s: %s: %s", #call, wal_strerror(err_), fault.text);                 \
	} while (0)

/* A scratch directory whose wal/ holds the WAL under test. */
struct env {
	char *root;
	char *dir;
	char *first; /* path of its first segment */
};

static struct env env_make(void)
{
	struct env e = {.root = testdir_make()};

	e.dir = xasprintf("%s/wal", e.root);
	e.first = wal_segment_path(e.dir, 0, 0);
	return e;
}

static void env_free(struct env *e)
{
	testdir_remove(e->root);
	free(e->dir);
	free(e->first);
}

static struct raft_entry entry(raft_term term, raft_index index, const char *text)
{
	struct raft_entry e = {.term = term, .index = index};

	if (text) {
		e.len = (uint32_t)strlen(text);
		e.buf = raft_buf_new(e.len);
		memcpy(e.buf->data, text, e.len);
		e.data = e.buf->data;
	}
	return e;
}

static void save_one(struct wal *w, raft_term term, raft_index index, const char *text)
{
	struct wal_fault fault;
	struct raft_entry e = entry(term, index, text);
	struct raft_hard_state hs = {.term = term, .vote = 1, .commit = index};

	EXPECT_WAL_OK(wal_save(w, &hs, &e, 1, true, &fault));
	raft_buf_unref(e.buf);
}

static void close_wal(struct wal *w)
{
	struct wal_fault fault;

	EXPECT_WAL_OK(wal_close(w, &fault));
}

/* A WAL with the entries 1..n of term 1, the text of entry i being "entry i". */
static void make_wal(const char *dir, raft_index n)
{
	struct wal_fault fault;
	struct wal *w;
	char text[32];

	EXPECT_WAL_OK(wal_create(dir, &md, &w, &fault));
	for (raft_index i = 1; i <= n; i++) {
		snprintf(text, sizeof(text), "entry %llu", i);
		save_one(w, 1, i, text);
	}
	close_wal(w);
}

static void expect_entries(const struct wal_contents *c, raft_index first, size_t n)
{
	char text[32];

	EXPECT_EQ(n, c->entries.len);
	for (size_t i = 0; i < n; i++) {
		const struct raft_entry *e = &c->entries.v[i];

		snprintf(text, sizeof(text), "entry %llu", first + i);
		EXPECT_EQ(first + i, e->index);
		EXPECT_EQ(1, e->term);
		EXPECT_EQ(strlen(text), e->len);
		EXPECT_MEM_EQ(text, e->data, e->len);
	}
}

/* Where the records of a segment's bytes begin, and behind the last one. */
static size_t record_offsets(const char *bytes, size_t len, size_t *offs, size_t max)
{
	size_t n = 0, off = 0;

	while (off + 8 <= len && n + 1 < max) {
		uint64_t field, size;
		unsigned pad;

		memcpy(&field, bytes + off, 8);
		if (!wal_frame_parse(le64toh(field), &size, &pad))
			break;
		offs[n++] = off;
		off += 8 + size + pad;
	}
	offs[n] = off;
	return n;
}

TEST(wal_crc32c)
{
	char data[300];
	uint32_t crc = 0;

	EXPECT_EQ(0xe3069283u, crc32c(0, "123456789", 9));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7);
	for (size_t len = 0; len <= sizeof(data); len++) {
		EXPECT_EQ(crc32c(0, data, sizeof(data)),
			crc32c(crc32c(0, data, len), data + len, sizeof(data) - len));
	}
	EXPECT_EQ(crc, crc32c(crc, NULL, 0));
}

/* etcd record_test.go TestReadRecord, TestWriteRecord: the frame. */
TEST(wal_frame_length)
{
	uint64_t len;
	unsigned pad;

	EXPECT_EQ(8, wal_frame_length(8));
	EXPECT_EQ((uint64_t)0x87 << 56 | 1, wal_frame_length(1));
	EXPECT_EQ((uint64_t)0x81 << 56 | 0x1007, wal_frame_length(0x1007));
	EXPECT(wal_frame_parse((uint64_t)0x81 << 56 | 7, &len, &pad));
	EXPECT_EQ(7, len);
	EXPECT_EQ(1, pad);
	EXPECT(!wal_frame_parse(0, &len, &pad));
	EXPECT(!wal_frame_parse(7, &len, &pad));
	EXPECT(!wal_frame_parse((uint64_t)0x80 << 56 | 8, &len, &pad));
}

/* The first thirteen records of a segment that etcd 3.4.23 wrote. */
/* clang-format off */
static const unsigned char etcd_wrote[] = {
			0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x84, 0x08, 0x04, 0x10, 0x00,
			0x00, 0x00, 0x00, 0x00, 0x1e, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x82,
			0x08, 0x01, 0x10, 0x85, 0xf1, 0xea, 0x99, 0x09, 0x1a, 0x14, 0x08, 0xa3,
			0xc4, 0x82, 0xf5, 0x88, 0xf9, 0x99, 0x82, 0x50, 0x10, 0xa1, 0xef, 0xce,
			0x97, 0xda, 0xcc, 0xc3, 0xee, 0x2a, 0x00, 0x00, 0x0e, 0x00, 0x00, 0x00,
			0x00, 0x00, 0x00, 0x82, 0x08, 0x05, 0x10, 0xfa, 0xd5, 0xda, 0xe2, 0x02,
			0x1a, 0x04, 0x08, 0x00, 0x10, 0x00, 0x00, 0x00, 0x73, 0x00, 0x00, 0x00,
			0x00, 0x00, 0x00, 0x85, 0x08, 0x02, 0x10, 0xd7, 0xae, 0x90, 0xfc, 0x0f,
			0x1a, 0x69, 0x08, 0x01, 0x10, 0x01, 0x18, 0x01, 0x22, 0x61, 0x08, 0x00,
			0x10, 0x00, 0x18, 0xa3, 0xc4, 0x82, 0xf5, 0x88, 0xf9, 0x99, 0x82, 0x50,
			0x22, 0x51, 0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x35, 0x37, 0x36, 0x35,
			0x38, 0x34, 0x37, 0x35, 0x33, 0x34, 0x30, 0x32, 0x35, 0x30, 0x38, 0x39,
			0x35, 0x37, 0x31, 0x2c, 0x22, 0x70, 0x65, 0x65, 0x72, 0x55, 0x52, 0x4c,
			0x73, 0x22, 0x3a, 0x5b, 0x22, 0x68, 0x74, 0x74, 0x70, 0x3a, 0x2f, 0x2f,
			0x31, 0x32, 0x37, 0x2e, 0x30, 0x2e, 0x30, 0x2e, 0x31, 0x3a, 0x34, 0x38,
			0x37, 0x34, 0x33, 0x22, 0x5d, 0x2c, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22,
			0x3a, 0x22, 0x64, 0x65, 0x66, 0x61, 0x75, 0x6c, 0x74, 0x22, 0x7d, 0x00,
			0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
			0x08, 0x03, 0x10, 0xb5, 0xc1, 0xc4, 0x8b, 0x06, 0x1a, 0x06, 0x08, 0x01,
			0x10, 0x00, 0x18, 0x01, 0x0f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x81,
			0x08, 0x02, 0x10, 0xed, 0x88, 0xc8, 0x34, 0x1a, 0x06, 0x08, 0x00, 0x10,
			0x02, 0x18, 0x02, 0x00, 0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
			0x08, 0x03, 0x10, 0x9c, 0xab, 0xfc, 0xe4, 0x08, 0x1a, 0x0e, 0x08, 0x02,
			0x10, 0xa3, 0xc4, 0x82, 0xf5, 0x88, 0xf9, 0x99, 0x82, 0x50, 0x18, 0x02,
			0x9f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x81, 0x08, 0x02, 0x10, 0xcb,
			0x80, 0xd3, 0xa6, 0x01, 0x1a, 0x94, 0x01, 0x08, 0x00, 0x10, 0x02, 0x18,
			0x03, 0x22, 0x8b, 0x01, 0x08, 0x81, 0xda, 0xe0, 0xcb, 0xe2, 0xbf, 0xe8,
			0x91, 0xa2, 0x01, 0x12, 0x03, 0x50, 0x55, 0x54, 0x1a, 0x26, 0x2f, 0x30,
			0x2f, 0x6d, 0x65, 0x6d, 0x62, 0x65, 0x72, 0x73, 0x2f, 0x35, 0x30, 0x30,
			0x34, 0x36, 0x37, 0x63, 0x38, 0x38, 0x65, 0x61, 0x30, 0x61, 0x32, 0x32,
			0x33, 0x2f, 0x61, 0x74, 0x74, 0x72, 0x69, 0x62, 0x75, 0x74, 0x65, 0x73,
			0x22, 0x3a, 0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0x64,
			0x65, 0x66, 0x61, 0x75, 0x6c, 0x74, 0x22, 0x2c, 0x22, 0x63, 0x6c, 0x69,
			0x65, 0x6e, 0x74, 0x55, 0x52, 0x4c, 0x73, 0x22, 0x3a, 0x5b, 0x22, 0x68,
			0x74, 0x74, 0x70, 0x3a, 0x2f, 0x2f, 0x31, 0x32, 0x37, 0x2e, 0x30, 0x2e,
			0x30, 0x2e, 0x31, 0x3a, 0x34, 0x39, 0x34, 0x38, 0x35, 0x22, 0x5d, 0x7d,
			0x28, 0x00, 0x32, 0x00, 0x38, 0x00, 0x48, 0x00, 0x50, 0x00, 0x58, 0x00,
			0x60, 0x00, 0x68, 0x00, 0x70, 0x00, 0x78, 0x00, 0x80, 0x01, 0x00, 0x00,
			0x4c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x84, 0x08, 0x02, 0x10, 0xa5,
			0x93, 0x80, 0xaf, 0x05, 0x1a, 0x42, 0x08, 0x00, 0x10, 0x02, 0x18, 0x04,
			0x22, 0x3a, 0x08, 0x84, 0xda, 0xe0, 0xcb, 0xe2, 0xbf, 0xe8, 0x91, 0xa2,
			0x01, 0x12, 0x03, 0x50, 0x55, 0x54, 0x1a, 0x0a, 0x2f, 0x30, 0x2f, 0x76,
			0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x22, 0x05, 0x33, 0x2e, 0x34, 0x2e,
			0x30, 0x28, 0x00, 0x32, 0x00, 0x38, 0x00, 0x48, 0x00, 0x50, 0x00, 0x58,
			0x00, 0x60, 0x00, 0x68, 0x00, 0x70, 0x00, 0x78, 0x00, 0x80, 0x01, 0x00,
			0x00, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
			0x08, 0x03, 0x10, 0xf6, 0xbb, 0xd6, 0xcc, 0x01, 0x1a, 0x0e, 0x08, 0x02,
			0x10, 0xa3, 0xc4, 0x82, 0xf5, 0x88, 0xf9, 0x99, 0x82, 0x50, 0x18, 0x04,
			0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x02, 0x10, 0xbc,
			0xa2, 0xc8, 0xb3, 0x08, 0x1a, 0x1e, 0x08, 0x00, 0x10, 0x02, 0x18, 0x05,
			0x22, 0x16, 0x22, 0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0x62, 0xa2, 0x06,
			0x0b, 0x08, 0x85, 0xda, 0xe0, 0xcb, 0xe2, 0xbf, 0xe8, 0x91, 0xa2, 0x01,
			0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x03, 0x10, 0xab,
			0xb8, 0xfe, 0xda, 0x09, 0x1a, 0x0e, 0x08, 0x02, 0x10, 0xa3, 0xc4, 0x82,
			0xf5, 0x88, 0xf9, 0x99, 0x82, 0x50, 0x18, 0x05, 0x30, 0x00, 0x00, 0x00,
			0x00, 0x00, 0x00, 0x00, 0x08, 0x02, 0x10, 0xbc, 0xa5, 0xfd, 0xc0, 0x09,
			0x1a, 0x26, 0x08, 0x00, 0x10, 0x02, 0x18, 0x06, 0x22, 0x1e, 0x22, 0x0e,
			0x0a, 0x04, 0x6b, 0x65, 0x79, 0x31, 0x12, 0x06, 0x76, 0x61, 0x6c, 0x75,
			0x65, 0x31, 0xa2, 0x06, 0x0b, 0x08, 0x86, 0xda, 0xe0, 0xcb, 0xe2, 0xbf,
			0xe8, 0x91, 0xa2, 0x01,
};
/* clang-format on */

/* etcd's bytes are read, and written again they are the same bytes. */
TEST(wal_bytes_of_etcd)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	char *bytes;
	size_t len;

	wal_segment_size = 4096;
	EXPECT_EQ(0, mkdir(e.dir, 0700));
	testdir_write(e.first, etcd_wrote, sizeof(etcd_wrote));
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT(c.repair == NULL);
	EXPECT_EQ(0x500467c88ea0a223, c.metadata.node_id);
	EXPECT_EQ(0x2add0e65a2f3b7a1, c.metadata.cluster_id);
	EXPECT_EQ(6, c.entries.len);
	EXPECT_EQ(RAFT_ENTRY_CONF_CHANGE, c.entries.v[0].type);
	EXPECT_EQ(2, c.entries.v[1].term);
	EXPECT_EQ(0, c.entries.v[1].len);
	EXPECT_EQ(2, c.hard_state.term);
	EXPECT_EQ(c.metadata.node_id, c.hard_state.vote);
	close_wal(w);

	/* etcd saved the state with the entries 1, 2, 4 and 5. */
	EXPECT_EQ(0, unlink(e.first));
	EXPECT_EQ(0, rmdir(e.dir));
	EXPECT_WAL_OK(wal_create(e.dir, &c.metadata, &w, &fault));
	for (uint32_t i = 0; i < 6; i++) {
		struct raft_hard_state hs = {
			.term = i ? 2 : 1, .vote = i ? c.hard_state.vote : 0, .commit = i + 1};

		EXPECT_WAL_OK(
			wal_append(w, i == 2 || i == 5 ? NULL : &hs, &c.entries.v[i], 1, &fault));
	}
	close_wal(w);
	bytes = testdir_read(e.first, &len);
	EXPECT(len > sizeof(etcd_wrote));
	EXPECT_MEM_EQ(etcd_wrote, bytes, sizeof(etcd_wrote));
	free(bytes);
	wal_contents_free(&c);
	env_free(&e);
}

/* TestNew, TestCreateFailFromPollutedDir, TestWalCleanup in meaning. */
TEST(wal_create_once)
{
	struct env e = env_make();
	struct wal_fault fault;
	struct wal *w;
	char *half = xasprintf("%s.tmp", e.dir), *file = xasprintf("%s.tmp/x", e.dir);

	/* what a crash left half-done does not hinder */
	EXPECT_EQ(0, mkdir(half, 0700));
	testdir_write(file, "x", 1);
	EXPECT(!wal_exists(e.dir));
	make_wal(e.dir, 0);
	EXPECT(wal_exists(e.dir));
	EXPECT_EQ(-1, access(half, F_OK));
	EXPECT_EQ(WAL_ERR_EXIST, wal_create(e.dir, &md, &w, &fault));
	EXPECT(w == NULL);
	free(half);
	free(file);
	env_free(&e);
}

/* TestOpenAtIndex, TestOpenForRead in meaning. */
TEST(wal_open_what_is_not_there)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal_snapshot none = {0};
	struct wal *w;
	char *later;

	EXPECT_EQ(WAL_ERR_NOT_FOUND, wal_open(e.dir, none, &w, &c, &fault));
	make_wal(e.dir, 3);
	EXPECT_EQ(WAL_ERR_SNAPSHOT_NOT_FOUND,
		wal_open(e.dir, (struct wal_snapshot){.index = 2, .term = 1}, &w, &c, &fault));
	later = wal_segment_path(e.dir, 0, 9);
	EXPECT_EQ(0, rename(e.first, later));
	EXPECT_EQ(WAL_ERR_NOT_FOUND, wal_open(e.dir, none, &w, &c, &fault));
	EXPECT(w == NULL && c.entries.len == 0);
	free(later);
	env_free(&e);
}

/* TestRecover. */
TEST(wal_reopen)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	char text[32];

	make_wal(e.dir, 5);
	for (raft_index n = 5; n < 8; n++) {
		EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
		EXPECT_EQ(md.node_id, c.metadata.node_id);
		EXPECT_EQ(md.cluster_id, c.metadata.cluster_id);
		EXPECT_EQ(1, c.hard_state.term);
		EXPECT_EQ(1, c.hard_state.vote);
		EXPECT_EQ(n, c.hard_state.commit);
		EXPECT(c.repair == NULL);
		expect_entries(&c, 1, n);
		wal_contents_free(&c);
		snprintf(text, sizeof(text), "entry %llu", n + 1);
		save_one(w, 1, n + 1, text);
		close_wal(w);
	}
	env_free(&e);
}

TEST(wal_locked)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w, *second;

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	EXPECT_EQ(WAL_ERR_LOCKED, wal_open(e.dir, (struct wal_snapshot){0}, &second, &c, &fault));
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	wal_contents_free(&c);
	close_wal(w);
	env_free(&e);
}

/* TestSaveEmpty, and the empty payload of a new leader's first entry. */
TEST(wal_save_empty)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	struct raft_hard_state none = {0};

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	EXPECT_WAL_OK(wal_save(w, &none, NULL, 0, true, &fault));
	EXPECT_EQ(0, wal_syncs(w));
	save_one(w, 1, 1, NULL);
	save_one(w, 1, 2, "");
	EXPECT_EQ(2, wal_syncs(w));
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT_EQ(2, c.entries.len);
	EXPECT(c.entries.v[0].data == NULL && c.entries.v[1].data == NULL);
	wal_contents_free(&c);
	close_wal(w);
	env_free(&e);
}

/* A commit index alone needs no sync. */
TEST(wal_group_commit)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	struct raft_hard_state hs = {.term = 1, .vote = 1, .commit = 7};

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (raft_index i = 1; i <= 3; i++) {
		struct raft_entry ent = entry(1, i,
			i == 1   ? "entry 1"
			: i == 2 ? "entry 2"
				 : "entry 3");

		EXPECT_WAL_OK(wal_append(w, NULL, &ent, 1, &fault));
		raft_buf_unref(ent.buf);
	}
	EXPECT_EQ(0, wal_syncs(w));
	EXPECT_WAL_OK(wal_flush(w, true, &fault));
	EXPECT_EQ(1, wal_syncs(w));
	EXPECT_WAL_OK(wal_save(w, &hs, NULL, 0, false, &fault));
	EXPECT_EQ(1, wal_syncs(w));
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	expect_entries(&c, 1, 3);
	EXPECT_EQ(7, c.hard_state.commit);
	wal_contents_free(&c);
	close_wal(w);
	env_free(&e);
}

TEST(wal_entry_too_large)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	struct raft_entry ent = {.term = 1, .index = 1};

	ent.len = WAL_MAX_ENTRY_DATA + 1;
	ent.buf = raft_buf_new(ent.len);
	memset(ent.buf->data, 'x', ent.len);
	ent.data = ent.buf->data;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	EXPECT_EQ(WAL_ERR_TOO_LARGE, wal_save(w, NULL, &ent, 1, true, &fault));
	ent.len--;
	EXPECT_WAL_OK(wal_save(w, NULL, &ent, 1, true, &fault));
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT_EQ(1, c.entries.len);
	EXPECT_EQ(ent.len, c.entries.v[0].len);
	EXPECT_MEM_EQ(ent.data, c.entries.v[0].data, ent.len);
	wal_contents_free(&c);
	raft_buf_unref(ent.buf);
	close_wal(w);
	env_free(&e);
}

/* A later entry of the same index replaces it and all behind it. */
TEST(wal_overwritten_entries)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (raft_index i = 1; i <= 5; i++)
		save_one(w, 1, i, "old");
	save_one(w, 2, 3, "new");
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT_EQ(3, c.entries.len);
	EXPECT_EQ(1, c.entries.v[1].term);
	EXPECT_EQ(2, c.entries.v[2].term);
	EXPECT_MEM_EQ("new", c.entries.v[2].data, 3);
	wal_contents_free(&c);
	close_wal(w);
	env_free(&e);
}

/* TestReadAllFail in meaning: a gap is refused. */
TEST(wal_gap_refused)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	save_one(w, 1, 1, "a");
	w->last_index = 4242424242424241; /* or it would not take the next one */
	save_one(w, 1, 4242424242424242, "b");
	close_wal(w);
	EXPECT_EQ(WAL_ERR_CORRUPT, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT(strstr(fault.text, "4242424242424242") != NULL);
	env_free(&e);
}

/* Nothing is written that could not be read again, whatever raft hands out. */
TEST(wal_order_of_entries)
{
	static const struct {
		raft_term term;
		raft_index index;
		enum wal_error err;
	} rows[] = {
		{0, 0, WAL_ERR_ORDER},
		{1, 2, WAL_ERR_ORDER},
		{2, 1, WAL_OK},
		{2, 3, WAL_ERR_ORDER},
		{1, 2, WAL_ERR_ORDER},
		{2, 2, WAL_OK},
		{2, 0, WAL_ERR_ORDER},
		{3, 1, WAL_OK}, /* replaces both */
		{3, 3, WAL_ERR_ORDER},
		{3, 2, WAL_OK},
	};
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct raft_entry ent = entry(rows[i].term, rows[i].index, "x");

		EXPECT_EQ(rows[i].err, wal_save(w, NULL, &ent, 1, true, &fault));
		raft_buf_unref(ent.buf);
	}
	struct raft_entry pair[] = {entry(3, 3, "x"), entry(3, 5, "y")};
	EXPECT_EQ(WAL_ERR_ORDER, wal_save(w, NULL, pair, 2, true, &fault));
	EXPECT(strstr(fault.text, "index 5") && strstr(fault.text, "index 3"));
	raft_buf_unref(pair[0].buf);
	raft_buf_unref(pair[1].buf);
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT_EQ(2, c.entries.len);
	wal_contents_free(&c);
	struct raft_entry late = entry(2, 3, "x");
	EXPECT_EQ(WAL_ERR_ORDER, wal_save(w, NULL, &late, 1, true, &fault));
	raft_buf_unref(late.buf);
	close_wal(w);
	env_free(&e);
}

/* TestCut, TestSaveWithCut, TestRecoverAfterCut, TestOpenWithMaxIndex. */
TEST(wal_cut_and_read_at_snapshot)
{
	struct env e = env_make();
	struct wal_segments segs;
	struct wal_contents c;
	struct wal_snapshot *snaps;
	struct wal_fault fault;
	struct wal *w;
	size_t n;
	char text[32];

	wal_segment_size = 4096;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (raft_index i = 1; i <= 300; i++) {
		snprintf(text, sizeof(text), "entry %llu", i);
		save_one(w, 1, i, text);
		if (i % 50 == 0)
			EXPECT_WAL_OK(wal_save_snapshot(
				w, (struct wal_snapshot){.index = i, .term = 1}, &fault));
	}
	close_wal(w);

	EXPECT_WAL_OK(wal_segments_list(e.dir, &segs, &fault));
	EXPECT(segs.n > 5);
	for (size_t i = 1; i < segs.n; i++) {
		EXPECT_EQ(i, segs.v[i].seq);
		EXPECT(segs.v[i].index > segs.v[i - 1].index);
	}
	wal_segments_drop(&segs, segs.n);

	EXPECT_WAL_OK(wal_valid_snapshots(e.dir, &snaps, &n, &fault));
	EXPECT_EQ(7, n);
	for (size_t i = 0; i < n; i++) {
		EXPECT_EQ(50 * i, snaps[i].index);
		EXPECT_WAL_OK(wal_open(e.dir, snaps[i], &w, &c, &fault));
		expect_entries(&c, 50 * i + 1, 300 - 50 * i);
		EXPECT_EQ(300, c.hard_state.commit);
		wal_contents_free(&c);
		close_wal(w);
	}
	free(snaps);
	EXPECT_EQ(WAL_ERR_SNAPSHOT_MISMATCH,
		wal_open(e.dir, (struct wal_snapshot){.index = 50, .term = 2}, &w, &c, &fault));
	env_free(&e);
}

/* TestReleaseLockTo, and purging what was released. */
TEST(wal_release_and_purge)
{
	struct env e = env_make();
	struct wal_segments segs;
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	size_t removed = 0, n;
	char text[32];

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (raft_index i = 1; i <= 10; i++) {
		snprintf(text, sizeof(text), "entry %llu", i);
		save_one(w, 1, i, text);
		if (i == 8)
			EXPECT_WAL_OK(wal_save_snapshot(
				w, (struct wal_snapshot){.index = 8, .term = 1}, &fault));
		EXPECT_WAL_OK(wal_cut(w, &fault));
	}
	n = w->segs.n;
	EXPECT_EQ(11, n);
	EXPECT_WAL_OK(wal_purge(w, 2, &removed, &fault));
	EXPECT_EQ(0, removed);
	wal_release_to(w, 1); /* nothing is before 1 */
	EXPECT_EQ(n, w->segs.n);
	wal_release_to(w, 8);
	EXPECT_EQ(n - 6, w->segs.n); /* the one from 7 on is kept */
	EXPECT_EQ(7, w->segs.v[0].index);
	EXPECT_WAL_OK(wal_purge(w, 2, &removed, &fault));
	EXPECT_EQ(6, removed);
	close_wal(w);

	EXPECT_WAL_OK(wal_segments_list(e.dir, &segs, &fault));
	EXPECT_EQ(n - 6, segs.n);
	wal_segments_drop(&segs, segs.n);
	EXPECT_WAL_OK(
		wal_open(e.dir, (struct wal_snapshot){.index = 8, .term = 1}, &w, &c, &fault));
	expect_entries(&c, 9, 2);
	wal_contents_free(&c);
	wal_release_to(w, 1000);
	EXPECT_EQ(1, w->segs.n);
	close_wal(w);
	env_free(&e);
}

/* The chain goes through all segments: none can be swapped or left out. */
TEST(wal_segment_missing_or_swapped)
{
	struct env e = env_make();
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;
	char *a, *b, *t;

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (raft_index i = 1; i <= 3; i++) {
		save_one(w, 1, i, "x");
		EXPECT_WAL_OK(wal_cut(w, &fault));
	}
	close_wal(w);
	a = wal_segment_path(e.dir, 1, 2);
	b = wal_segment_path(e.dir, 2, 3);
	t = xasprintf("%s/t", e.dir);
	EXPECT_EQ(0, rename(a, t));
	EXPECT_EQ(WAL_ERR_NOT_FOUND, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT_EQ(0, rename(b, a));
	EXPECT_EQ(0, rename(t, b));
	EXPECT_EQ(WAL_ERR_CORRUPT, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT(strstr(fault.text, a) != NULL);
	/* two of the same number */
	EXPECT_EQ(0, rename(b, t));
	EXPECT_EQ(0, rename(a, b));
	EXPECT_EQ(0, rename(t, a));
	free(t);
	t = wal_segment_path(e.dir, 0, 9);
	EXPECT_EQ(0, link(a, t));
	EXPECT_EQ(WAL_ERR_NOT_FOUND, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT(strstr(fault.text, t) != NULL && strstr(fault.text, e.first) != NULL);
	free(a);
	free(b);
	free(t);
	env_free(&e);
}

/* Opens a WAL whose first segment has these bytes.
 * Returns: the error; on success the number of entries and whether a repair
 * was made. */
static enum wal_error try_bytes(
	const struct env *e, const char *bytes, size_t len, size_t *n, bool *repaired)
{
	struct wal_contents c;
	struct wal_fault fault = {0};
	struct wal *w;
	enum wal_error err;

	testdir_write(e->first, bytes, len);
	err = wal_open(e->dir, (struct wal_snapshot){0}, &w, &c, &fault);
	if (err) {
		EXPECT(w == NULL && c.entries.len == 0);
		EXPECT(strstr(fault.text, e->first) != NULL);
		return err;
	}
	expect_entries(&c, 1, c.entries.len);
	*n = c.entries.len;
	*repaired = c.repair != NULL;
	wal_contents_free(&c);

	/* It goes on from there, and the next reader agrees. */
	if (*repaired) {
		struct raft_entry ent = entry(2, *n + 1, "again");

		EXPECT_WAL_OK(wal_save(w, NULL, &ent, 1, true, &fault));
		raft_buf_unref(ent.buf);
		close_wal(w);
		EXPECT_WAL_OK(wal_open(e->dir, (struct wal_snapshot){0}, &w, &c, &fault));
		EXPECT(c.repair == NULL);
		EXPECT_EQ(*n + 1, c.entries.len);
		wal_contents_free(&c);
	}
	close_wal(w);
	return WAL_OK;
}

enum { TORN_ENTRIES = 12 };

/* TestOpenOnTornWrite, TestRepair*: the file ends anywhere in the last records,
 * or the preallocated zeros do begin there. Whatever was whole is read. */
static void tear(bool zeros)
{
	struct env e = env_make();
	size_t offs[64], n_recs, len, n, whole;
	bool repaired;
	char *bytes, *copy;

	wal_segment_size = 4096;
	make_wal(e.dir, TORN_ENTRIES);
	bytes = testdir_read(e.first, &len);
	n_recs = record_offsets(bytes, len, offs, 64);
	EXPECT_EQ(3 + 2 * TORN_ENTRIES, n_recs);
	copy = xmalloc(len);
	/* records 0..2 are the head; then entry, state, entry, state ... */
	for (size_t at = offs[n_recs - 8]; at < offs[n_recs]; at++) {
		size_t rec = 0, end;
		bool torn;
		enum wal_error err;

		while (offs[rec + 1] <= at)
			rec++;
		for (end = offs[rec + 1]; bytes[end - 1] == 0; end--)
			;
		if (zeros && at > offs[rec] && at < offs[rec] + 8)
			continue; /* inside a length field, which is never torn */
		memcpy(copy, bytes, len);
		memset(copy + at, 0, len - at);
		err = try_bytes(&e, copy, zeros ? len : at, &n, &repaired);
		if (zeros && at == end - 1) {
			/* A lost byte, or a flipped one? Not to be told apart. */
			EXPECT_EQ(WAL_ERR_CORRUPT, err);
			continue;
		}
		EXPECT_EQ(WAL_OK, err);
		/* Padding is no loss if it is there, even as never written zeros. */
		torn = at > offs[rec] && (!zeros || at < end);
		whole = (rec - 3 + 1) / 2;
		if (zeros && at >= end)
			whole = (rec + 1 - 3 + 1) / 2;
		EXPECT_EQ(whole, n);
		EXPECT_EQ(torn, repaired);
	}
	free(copy);
	free(bytes);
	env_free(&e);
}

TEST_TIMEOUT(wal_torn_by_truncation, 60)
{
	tear(false);
}

TEST_TIMEOUT(wal_torn_by_zeros, 60)
{
	tear(true);
}

/* A large record of which single sectors were not written; etcd's isTornEntry. */
TEST(wal_torn_sectors)
{
	struct env e = env_make();
	struct wal_fault fault;
	struct wal_contents c;
	struct wal *w;
	size_t len, offs[16], n_recs;
	struct raft_entry ent = {.term = 1, .index = 1, .len = 5000};
	char *bytes, *copy, *broken = xasprintf("%s.broken", e.first);

	wal_segment_size = 16384;
	ent.buf = raft_buf_new(ent.len);
	memset(ent.buf->data, 'x', ent.len);
	ent.data = ent.buf->data;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	EXPECT_WAL_OK(wal_save(w, NULL, &ent, 1, true, &fault));
	close_wal(w);
	bytes = testdir_read(e.first, &len);
	copy = xmalloc(len);
	n_recs = record_offsets(bytes, len, offs, 16);
	EXPECT_EQ(4, n_recs);
	for (size_t sector = 0; sector * 512 < offs[4]; sector++) {
		memcpy(copy, bytes, len);
		memset(copy + sector * 512, 0, 512);
		testdir_write(e.first, copy, len);
		if (sector == 0) { /* synced long ago: this is damage */
			EXPECT_EQ(WAL_ERR_CORRUPT,
				wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
			continue;
		}
		EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
		EXPECT_EQ(0, c.entries.len);
		EXPECT(c.repair != NULL && strstr(c.repair, broken) != NULL);
		wal_contents_free(&c);
		close_wal(w);
		free(copy);
		copy = testdir_read(broken, &len); /* the copy is the file as it was */
		EXPECT_EQ(16384, len);
		EXPECT_EQ(0, copy[sector * 512]);
		EXPECT_MEM_EQ(bytes, copy, sector * 512);
	}
	free(copy);
	free(bytes);
	free(broken);
	raft_buf_unref(ent.buf);
	env_free(&e);
}

/* TestOpenWithCorruption in meaning: no bit of any record can change without
 * the WAL being refused. */
TEST_TIMEOUT(wal_bit_flips_refused, 120)
{
	struct env e = env_make();
	struct wal_fault fault;
	struct wal *w;
	size_t offs[64], n_recs, len, n;
	bool repaired;
	char *bytes;

	wal_segment_size = 2048;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	for (raft_index i = 1; i <= 5; i++) {
		char text[32];

		snprintf(text, sizeof(text), "entry %llu", i);
		save_one(w, 1, i, text);
	}
	close_wal(w);
	bytes = testdir_read(e.first, &len);
	n_recs = record_offsets(bytes, len, offs, 64);
	for (size_t at = 0; at < offs[n_recs]; at++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes[at] = (char)(bytes[at] ^ 1 << bit);
			if (try_bytes(&e, bytes, len, &n, &repaired) == WAL_OK)
				FAIL("bit %d at offset %zu can flip unnoticed", bit, at);
			bytes[at] = (char)(bytes[at] ^ 1 << bit);
		}
	}
	/* Behind the records nothing can be lost. */
	for (size_t at = offs[n_recs]; at < len; at += 7) {
		bytes[at] = (char)(bytes[at] ^ 0x20);
		if (try_bytes(&e, bytes, len, &n, &repaired) == WAL_OK)
			EXPECT_EQ(5, n);
		bytes[at] = (char)(bytes[at] ^ 0x20);
	}
	EXPECT_EQ(WAL_OK, try_bytes(&e, bytes, len, &n, &repaired));
	EXPECT_EQ(5, n);
	EXPECT(!repaired);
	free(bytes);
	env_free(&e);
}

/* Torn is only the last segment; and lengths are no reason to allocate. */
TEST(wal_damage_refused)
{
	struct env e = env_make();
	struct wal_fault fault;
	struct wal_contents c;
	struct wal *w;
	size_t len, n;
	bool repaired;
	char *bytes;
	uint64_t field = htole64(WAL_MAX_RECORD_BYTES);

	wal_segment_size = 4096;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	save_one(w, 1, 1, "entry 1");
	EXPECT_WAL_OK(wal_cut(w, &fault));
	close_wal(w);
	bytes = testdir_read(e.first, &len);
	EXPECT_EQ(0, truncate(e.first, (off_t)len - 12));
	EXPECT_EQ(WAL_ERR_CORRUPT, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	EXPECT_EQ(0, truncate(e.first, 0));
	EXPECT_EQ(WAL_ERR_CORRUPT, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	memcpy(bytes, &field, 8);
	EXPECT_EQ(WAL_ERR_CORRUPT, try_bytes(&e, bytes, len, &n, &repaired));
	memset(bytes, 0xff, len);
	EXPECT_EQ(WAL_ERR_CORRUPT, try_bytes(&e, bytes, len, &n, &repaired));
	free(bytes);
	env_free(&e);
}

/* A cut that finds no room leaves the old segment in use. */
TEST(wal_cut_fails)
{
	struct env e = env_make();
	struct wal_fault fault;
	struct wal_contents c;
	struct wal *w;
	char *blocker = xasprintf("%s/0.tmp", e.dir);
	struct raft_entry ent;

	wal_segment_size = 1024;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	EXPECT_EQ(0, mkdir(blocker, 0700)); /* no such file can be created */
	for (raft_index i = 1; i <= 30; i++) {
		char text[32];

		snprintf(text, sizeof(text), "entry %llu", i);
		ent = entry(1, i, text);
		if (wal_save(w, NULL, &ent, 1, true, &fault)) {
			EXPECT_EQ(WAL_ERR_IO, fault.code);
			EXPECT_EQ(0, rmdir(blocker));
			EXPECT_WAL_OK(wal_flush(w, true, &fault));
			EXPECT_EQ(2, w->segs.n);
		}
		raft_buf_unref(ent.buf);
	}
	close_wal(w);
	EXPECT_WAL_OK(wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	expect_entries(&c, 1, 30);
	wal_contents_free(&c);
	close_wal(w);
	free(blocker);
	env_free(&e);
}

/* A missing sector is a torn write only where the last write was. */
TEST(wal_missing_sector_before_the_last_segment)
{
	struct env e = env_make();
	struct wal_fault fault;
	struct wal_contents c;
	struct wal *w;
	struct raft_entry ent = {.term = 1, .index = 1, .len = 2000};
	size_t len;
	char *bytes;

	wal_segment_size = 4096;
	ent.buf = raft_buf_new(ent.len);
	memset(ent.buf->data, 'x', ent.len);
	ent.data = ent.buf->data;
	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	EXPECT_WAL_OK(wal_save(w, NULL, &ent, 1, true, &fault));
	EXPECT_WAL_OK(wal_cut(w, &fault));
	save_one(w, 1, 2, "entry 2");
	close_wal(w);
	bytes = testdir_read(e.first, &len);
	EXPECT(len >= 1024 + 512);
	memset(bytes + 1024, 0, 512);
	testdir_write(e.first, bytes, len);
	EXPECT_EQ(WAL_ERR_CORRUPT, wal_open(e.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	free(bytes);
	raft_buf_unref(ent.buf);
	env_free(&e);
}

/* TestValidSnapshotEntries: what is not committed does not count. */
TEST(wal_valid_snapshots_are_committed)
{
	struct env e = env_make();
	struct wal_snapshot *snaps;
	struct wal_fault fault;
	struct wal *w;
	size_t n;

	EXPECT_WAL_OK(wal_create(e.dir, &md, &w, &fault));
	save_one(w, 1, 1, "entry 1"); /* commits it */
	EXPECT_WAL_OK(wal_save_snapshot(w, (struct wal_snapshot){.index = 1, .term = 1}, &fault));
	EXPECT_WAL_OK(wal_save_snapshot(w, (struct wal_snapshot){.index = 2, .term = 1}, &fault));
	close_wal(w);
	EXPECT_WAL_OK(wal_valid_snapshots(e.dir, &snaps, &n, &fault));
	EXPECT_EQ(2, n);
	EXPECT_EQ(0, snaps[0].index);
	EXPECT_EQ(1, snaps[1].index);
	free(snaps);
	env_free(&e);
}

/* A segment of another log, though its entries would fit, does not continue ours. */
TEST(wal_foreign_segment_refused)
{
	struct env ours = env_make(), theirs = env_make();
	struct env *envs[] = {&ours, &theirs};
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;

	for (int i = 0; i < 2; i++) {
		EXPECT_WAL_OK(wal_create(envs[i]->dir, &md, &w, &fault));
		save_one(w, 1, 1, i ? "theirs" : "ours");
		EXPECT_WAL_OK(wal_cut(w, &fault));
		save_one(w, 1, 2, "the same");
		close_wal(w);
	}
	char *from = wal_segment_path(theirs.dir, 1, 2), *to = wal_segment_path(ours.dir, 1, 2);
	EXPECT_EQ(0, rename(from, to));
	EXPECT_EQ(WAL_ERR_CORRUPT, wal_open(ours.dir, (struct wal_snapshot){0}, &w, &c, &fault));
	free(from);
	free(to);
	env_free(&ours);
	env_free(&theirs);
}
