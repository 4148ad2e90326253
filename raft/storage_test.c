/* SPDX-License-Identifier: Apache-2.0 */
/* The original: storage_test.go. */
#include "raft/rafttest/log_testing.h"

#include <string.h>

static struct raft_storage *base(struct raft_memory_storage *ms)
{
	return raft_memory_storage_base(ms);
}

TEST(storage_term)
{
	static const struct {
		raft_index i;
		enum raft_error want_err;
		raft_term want;
	} tests[] = {
		{2, RAFT_ERR_COMPACTED, 0},
		{3, RAFT_OK, 3},
		{4, RAFT_OK, 4},
		{5, RAFT_OK, 5},
		{6, RAFT_ERR_UNAVAILABLE, 0},
	};
	struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		raft_term term = 0;

		EXPECT_EQ(tests[i].want_err, base(s)->ops->term(base(s), tests[i].i, &term));
		EXPECT_EQ(tests[i].want, term);
	}
}

TEST(storage_entries)
{
	const struct raft_entries *ents = index_terms(3, 3, 4, 5, 6);
	const uint64_t no_limit = RAFT_NO_LIMIT;
	const uint64_t two = raft_ents_size(ents->v + 1, 2), three = raft_ents_size(ents->v + 1, 3);
	const struct {
		raft_index lo, hi;
		uint64_t max_size;
		enum raft_error want_err;
		const struct raft_entries *want;
	} tests[] = {
		{2, 6, no_limit, RAFT_ERR_COMPACTED, &no_ents},
		{3, 4, no_limit, RAFT_ERR_COMPACTED, &no_ents},
		{4, 5, no_limit, RAFT_OK, index_terms(4, 4)},
		{4, 6, no_limit, RAFT_OK, index_terms(4, 4, 5)},
		{4, 7, no_limit, RAFT_OK, index_terms(4, 4, 5, 6)},
		/* even if the limit is zero, the first one is returned */
		{4, 7, 0, RAFT_OK, index_terms(4, 4)},
		/* room for two */
		{4, 7, two, RAFT_OK, index_terms(4, 4, 5)},
		{4, 7, two + (three - two) / 2, RAFT_OK, index_terms(4, 4, 5)},
		{4, 7, three - 1, RAFT_OK, index_terms(4, 4, 5)},
		/* all */
		{4, 7, three, RAFT_OK, index_terms(4, 4, 5, 6)},
	};
	struct raft_memory_storage *s = new_memory_storage_of(ents);

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_entries *got = new_ents();

		EXPECT_EQ(tests[i].want_err, base(s)->ops->entries(base(s), tests[i].lo,
						     tests[i].hi, tests[i].max_size, got));
		EXPECT_ENTS_EQ(tests[i].want, got);
	}
}

TEST(storage_last_index)
{
	struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));
	raft_index last;

	EXPECT_EQ(RAFT_OK, base(s)->ops->last_index(base(s), &last));
	EXPECT_EQ(5, last);
	storage_append(s, index_terms(6, 5));
	EXPECT_EQ(RAFT_OK, base(s)->ops->last_index(base(s), &last));
	EXPECT_EQ(6, last);
}

TEST(storage_first_index)
{
	struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));
	raft_index first;

	EXPECT_EQ(RAFT_OK, base(s)->ops->first_index(base(s), &first));
	EXPECT_EQ(4, first);
	EXPECT_EQ(RAFT_OK, raft_memory_storage_compact(s, 4));
	EXPECT_EQ(RAFT_OK, base(s)->ops->first_index(base(s), &first));
	EXPECT_EQ(5, first);
}

TEST(storage_compact)
{
	static const struct {
		raft_index i;
		enum raft_error want_err;
		raft_index want_index; /* and term, of the entry before the first */
		uint32_t want_len;
	} tests[] = {
		{2, RAFT_ERR_COMPACTED, 3, 3},
		{3, RAFT_ERR_COMPACTED, 3, 3},
		{4, RAFT_OK, 4, 2},
		{5, RAFT_OK, 5, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));

		EXPECT_EQ(tests[i].want_err, raft_memory_storage_compact(s, tests[i].i));
		EXPECT_EQ(tests[i].want_index, s->ents.v[0].index);
		EXPECT_EQ(tests[i].want_index, s->ents.v[0].term);
		EXPECT_EQ(tests[i].want_len, s->ents.len);
	}
}

static struct raft_buf *buf_of(const char *data)
{
	struct raft_buf *buf = raft_buf_new(strlen(data));

	memcpy(buf->data, data, strlen(data));
	return buf;
}

static void expect_snapshot(const struct raft_snapshot *snap, raft_index index, raft_term term,
	const struct raft_conf_state *cs, const char *data)
{
	EXPECT_EQ(index, snap->metadata.index);
	EXPECT_EQ(term, snap->metadata.term);
	EXPECT(raft_conf_state_equivalent(cs, &snap->metadata.conf_state));
	EXPECT_EQ(strlen(data), snap->len);
	EXPECT_MEM_EQ(data, snap->data, snap->len);
}

TEST(storage_create_snapshot)
{
	static const struct raft_conf_state cs = {.voters = IDS(1, 2, 3)};

	for (raft_index i = 4; i <= 5; i++) {
		TEST_CASE("at %llu", i);
		struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));
		struct raft_snapshot *snap, *again;

		EXPECT_EQ(RAFT_OK,
			raft_memory_storage_create_snapshot(s, i, &cs, buf_of("data"), &snap));
		expect_snapshot(snap, i, i, &cs, "data");
		EXPECT_EQ(RAFT_OK, base(s)->ops->snapshot(base(s), &again));
		EXPECT_EQ(snap, again);
		raft_snapshot_unref(snap);
		raft_snapshot_unref(again);
	}
}

/* Not the original's: the configuration is inherited, the past is refused, and
 * the future is a bug. */
TEST(storage_create_snapshot_again)
{
	static const struct raft_conf_state cs = {.voters = IDS(1, 2, 3)};
	struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));
	struct raft_snapshot *snap;

	EXPECT_EQ(RAFT_OK, raft_memory_storage_create_snapshot(s, 4, &cs, NULL, NULL));
	EXPECT_EQ(RAFT_ERR_SNAP_OUT_OF_DATE,
		raft_memory_storage_create_snapshot(s, 4, &cs, buf_of("old"), &snap));
	EXPECT_EQ(RAFT_OK, raft_memory_storage_create_snapshot(s, 5, NULL, buf_of("new"), &snap));
	expect_snapshot(snap, 5, 5, &cs, "new");
	raft_snapshot_unref(snap);
	EXPECT_PANIC(raft_memory_storage_create_snapshot(s, 6, NULL, NULL, NULL));
	EXPECT_STR_EQ("snapshot 6 is out of bound lastindex(5)", runner_panic_message());
}

TEST(storage_append)
{
	const struct {
		const struct raft_entries *ents, *want;
	} tests[] = {
		{&no_ents, index_terms(3, 3, 4, 5)},
		{index_terms(1, 1, 2), index_terms(3, 3, 4, 5)},
		{index_terms(3, 3, 4, 5), index_terms(3, 3, 4, 5)},
		{index_terms(3, 3, 6, 6), index_terms(3, 3, 6, 6)},
		{index_terms(3, 3, 4, 5, 5), index_terms(3, 3, 4, 5, 5)},
		/* truncate what comes and what is there, then append */
		{index_terms(2, 3, 3, 5), index_terms(3, 3, 5)},
		/* truncate what is there, then append */
		{index_terms(4, 5), index_terms(3, 3, 5)},
		/* append */
		{index_terms(6, 5), index_terms(3, 3, 4, 5, 5)},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));

		EXPECT_EQ(RAFT_OK,
			raft_memory_storage_append(s, tests[i].ents->v, tests[i].ents->len));
		EXPECT_ENTS_EQ(tests[i].want, &s->ents);
	}
}

/* Not the original's: a gap is a bug. */
TEST(storage_append_gap)
{
	struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));
	const struct raft_entries *gap = index_terms(7, 5);

	EXPECT_PANIC(raft_memory_storage_append(s, gap->v, gap->len));
	EXPECT_STR_EQ("missing log entry [last: 5, append at: 7]", runner_panic_message());
}

/* Not the original's: payloads are shared, and let go of when they are compacted;
 * what is cut off may be read on by whoever holds it. */
TEST(storage_shares_payloads)
{
	struct raft_memory_storage *s = new_empty_memory_storage();
	struct raft_entries ents = repeat_entry("payload", 2), *got = new_ents();
	const struct raft_buf *buf = ents.v[0].buf;

	ents.v[0].index = 1;
	ents.v[1].index = 2;
	EXPECT_EQ(RAFT_OK, raft_memory_storage_append(s, ents.v, ents.len));
	raft_entries_free(&ents);
	EXPECT_EQ(RAFT_OK, base(s)->ops->entries(base(s), 1, 2, RAFT_NO_LIMIT, got));
	EXPECT_EQ(3, buf->refs);
	EXPECT_EQ(RAFT_OK, raft_memory_storage_compact(s, 2));
	EXPECT_EQ(1, buf->refs);
	EXPECT_STR_EQ("payload", entry_data(&got->v[0]));
}

TEST(storage_apply_snapshot)
{
	static const struct raft_conf_state cs = {.voters = IDS(1, 2, 3)};
	struct raft_memory_storage *s = new_empty_memory_storage();
	struct raft_snapshot *snap;
	raft_index index;

	EXPECT_EQ(RAFT_OK,
		raft_memory_storage_apply_snapshot(s, new_test_snapshot_with_conf(4, 4, &cs)));
	EXPECT_EQ(RAFT_ERR_SNAP_OUT_OF_DATE,
		raft_memory_storage_apply_snapshot(s, new_test_snapshot_with_conf(3, 3, &cs)));

	EXPECT_EQ(RAFT_OK, base(s)->ops->snapshot(base(s), &snap));
	expect_snapshot(snap, 4, 4, &cs, "");
	raft_snapshot_unref(snap);
	EXPECT_EQ(RAFT_OK, base(s)->ops->first_index(base(s), &index));
	EXPECT_EQ(5, index);
	EXPECT_EQ(RAFT_OK, base(s)->ops->last_index(base(s), &index));
	EXPECT_EQ(4, index);
}

/* Not the original's: entries that are compacted already, up to the last. */
TEST(storage_append_all_compacted)
{
	struct raft_memory_storage *s = new_memory_storage_of(index_terms(3, 3, 4, 5));
	const struct raft_entries *ents = index_terms(2, 3, 3, 9);

	/* the third one would be another entry 4 */
	EXPECT_EQ(RAFT_OK, raft_memory_storage_append(s, ents->v, 2));
	EXPECT_ENTS_EQ(index_terms(3, 3, 4, 5), &s->ents);
}
