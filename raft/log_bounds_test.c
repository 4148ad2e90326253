/* SPDX-License-Identifier: Apache-2.0 */
/* The original: log_test.go, second part: where a log begins and ends, compaction,
 * and reading pieces of it. */
#include "raft/rafttest/log_testing.h"

static void append_all(struct raft_log *l, const struct raft_entries *ents)
{
	raft_log_append(l, ents->v, ents->len);
}

static raft_term must_term(struct raft_log *l, raft_index i)
{
	raft_term term;

	EXPECT_EQ(RAFT_OK, raft_log_term(l, i, &term));
	return term;
}

/* All of the log goes on working after a compaction: 1000 entries, 750 of them in
 * storage, 500 of these compacted. */
TEST(compaction_side_effects)
{
	const raft_index last = 1000, stable = 750, offset = 500;
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_entries *ents = new_ents();
	const struct raft_entry *unstable;
	struct raft_log *l;

	storage_append(storage, index_range(1, stable + 1));
	l = new_log(storage);
	append_all(l, index_range(stable + 1, last + 1));

	EXPECT(raft_log_maybe_commit(l, raft_log_last_entry_id(l)));
	raft_log_applied_to(l, l->committed, 0);
	EXPECT_EQ(RAFT_OK, raft_memory_storage_compact(storage, offset));

	EXPECT_EQ(last, raft_log_last_index(l));
	for (raft_index i = offset; i <= last; i++) {
		EXPECT_EQ(i, must_term(l, i));
		EXPECT(raft_log_match_term(l, (struct entry_id){.term = i, .index = i}));
	}
	EXPECT_EQ(last - stable, raft_log_next_unstable_ents(l, &unstable));
	EXPECT_EQ(stable + 1, unstable[0].index);

	append_all(l, index_range(last + 1, last + 2));
	EXPECT_EQ(last + 1, raft_log_last_index(l));
	EXPECT_EQ(RAFT_OK, raft_log_entries(l, last + 1, RAFT_NO_LIMIT, ents));
	EXPECT_EQ(1, ents->len);
}

/* The right number of entries is left. */
TEST(compaction)
{
	static const raft_index compact[] = {300, 500, 800, 900};
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_log *l;

	storage_append(storage, index_range(1, 1001));
	l = new_log(storage);
	EXPECT_PANIC(raft_memory_storage_compact(storage, 1001));
	EXPECT_STR_EQ("compact 1001 is out of bound lastindex(1000)", runner_panic_message());
	for (size_t i = 0; i < ARRAY_LEN(compact); i++) {
		struct raft_entries *left = new_ents();

		EXPECT_EQ(RAFT_OK, raft_memory_storage_compact(storage, compact[i]));
		raft_log_all_entries(l, left);
		EXPECT_EQ(1000 - compact[i], left->len);
		EXPECT_EQ(RAFT_ERR_COMPACTED, raft_memory_storage_compact(storage, compact[i] - 1));
	}
}

TEST(log_restore)
{
	struct raft_log *l = new_log(storage_from_snapshot(1000, 1000));
	struct raft_entries *ents = new_ents();

	raft_log_all_entries(l, ents);
	EXPECT_EQ(0, ents->len);
	EXPECT_EQ(1001, raft_log_first_index(l));
	EXPECT_EQ(1000, l->committed);
	EXPECT_EQ(1001, l->unstable.offset);
	EXPECT_EQ(1000, must_term(l, 1000));
}

TEST(is_out_of_bounds)
{
	const raft_index first = 101, num = 100;
	const struct {
		raft_index lo, hi;
		bool want_panic;
		enum raft_error want;
	} tests[] = {
		{first - 2, first + 1, false, RAFT_ERR_COMPACTED},
		{first - 1, first + 1, false, RAFT_ERR_COMPACTED},
		{first, first, false, RAFT_OK},
		{first + num / 2, first + num / 2, false, RAFT_OK},
		{first + num - 1, first + num - 1, false, RAFT_OK},
		{first + num, first + num, false, RAFT_OK},
		{first + num, first + num + 1, true, RAFT_OK},
		{first + num + 1, first + num + 1, true, RAFT_OK},
	};
	struct raft_log *l = new_log(storage_from_snapshot(100, 0));

	append_all(l, index_range(101, 201));
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		if (tests[i].want_panic)
			EXPECT_PANIC(
				raft_log_must_check_out_of_bounds(l, tests[i].lo, tests[i].hi));
		else
			EXPECT_EQ(tests[i].want,
				raft_log_must_check_out_of_bounds(l, tests[i].lo, tests[i].hi));
	}
}

static void expect_term(struct raft_log *l, raft_index i, enum raft_error want_err, raft_term want)
{
	raft_term term = 0;

	TEST_CASE("term of %llu", i);
	EXPECT_EQ(want_err, raft_log_term(l, i, &term));
	EXPECT_EQ(want, term);
}

TEST(log_term)
{
	struct raft_log *l = new_log(storage_from_snapshot(100, 1));

	append_all(l, index_term_range(101, 1, 100));
	expect_term(l, 99, RAFT_ERR_COMPACTED, 0);
	expect_term(l, 100, RAFT_OK, 1);
	expect_term(l, 150, RAFT_OK, 50);
	expect_term(l, 199, RAFT_OK, 99);
	expect_term(l, 200, RAFT_ERR_UNAVAILABLE, 0);
}

TEST(log_term_with_unstable_snapshot)
{
	struct raft_log *l = new_log(storage_from_snapshot(100, 1));

	raft_log_restore(l, new_test_snapshot(105, 1, .auto_leave = false));
	/* what storage has does not count any more */
	expect_term(l, 100, RAFT_ERR_COMPACTED, 0);
	/* the gap between storage and the snapshot */
	expect_term(l, 101, RAFT_ERR_COMPACTED, 0);
	expect_term(l, 104, RAFT_ERR_COMPACTED, 0);
	/* the snapshot, and beyond */
	expect_term(l, 105, RAFT_OK, 1);
	expect_term(l, 106, RAFT_ERR_UNAVAILABLE, 0);
}

/* ---- Reading pieces ----------------------------------------------------- */

/* log_of_halves: a snapshot up to offset; storage up to half, that excluded;
 * unstable from half to last, that excluded. */
static struct raft_log *log_of_halves(raft_index offset, raft_index half, raft_index last)
{
	struct raft_memory_storage *storage = storage_from_snapshot(offset, 0);
	struct raft_log *l;

	storage_append(storage, index_range(offset + 1, half));
	l = new_log(storage);
	append_all(l, index_range(half, last));
	return l;
}

TEST(log_slice_of_log)
{
	const raft_index offset = 100, num = 100, last = offset + num, half = offset + num / 2;
	const uint64_t size = raft_entry_size(&index_range(half, half + 1)->v[0]);
	const uint64_t no_limit = RAFT_NO_LIMIT;
	const struct {
		raft_index lo, hi;
		uint64_t lim;
		raft_index want_hi; /* [lo, want_hi) is returned */
	} tests[] = {
		/* no limit */
		{offset + 1, offset + 1, no_limit, offset + 1},
		{offset + 1, half - 1, no_limit, half - 1},
		{offset + 1, half, no_limit, half},
		{offset + 1, half + 1, no_limit, half + 1},
		{offset + 1, last, no_limit, last},
		{half - 1, half, no_limit, half},
		{half - 1, half + 1, no_limit, half + 1},
		{half - 1, last, no_limit, last},
		{half, half + 1, no_limit, half + 1},
		{half, last, no_limit, last},
		{last - 1, last, no_limit, last},
		/* at least one entry is always returned */
		{offset + 1, last, 0, offset + 2},
		{half - 1, half + 1, 0, half},
		{half, last, 0, half + 1},
		{half + 1, last, 0, half + 2},
		/* a low limit */
		{offset + 1, last, size - 1, offset + 2},
		{half - 1, half + 1, size - 1, half},
		{half, last, size - 1, half + 1},
		/* just enough for one */
		{offset + 1, last, size, offset + 2},
		{half - 1, half + 1, size, half},
		{half, last, size, half + 1},
		/* not enough for two */
		{offset + 1, last, size + 1, offset + 2},
		{half - 1, half + 1, size + 1, half},
		{half, last, size + 1, half + 1},
		/* enough for two */
		{offset + 1, last, size * 2, offset + 3},
		{half - 2, half + 1, size * 2, half},
		{half - 1, half + 1, size * 2, half + 1},
		{half, last, size * 2, half + 2},
		/* not enough for three; enough for three */
		{half - 2, half + 1, size * 3 - 1, half},
		{half - 1, half + 2, size * 3, half + 2},
	};
	struct raft_log *l = log_of_halves(offset, half, last);
	struct raft_entries *ents = new_ents();

	EXPECT_EQ(RAFT_ERR_COMPACTED, raft_log_slice(l, offset - 1, offset + 1, no_limit, ents));
	EXPECT_EQ(RAFT_ERR_COMPACTED, raft_log_slice(l, offset, offset + 1, no_limit, ents));
	EXPECT_EQ(0, ents->len);
	EXPECT_PANIC(raft_log_slice(l, half, half - 1, no_limit, ents));
	EXPECT_STR_EQ("invalid slice 150 > 149", runner_panic_message());
	EXPECT_PANIC(raft_log_slice(l, last, last + 1, no_limit, ents));
	EXPECT_STR_EQ("slice[200,201) out of bound [101,199]", runner_panic_message());

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_entries *got = new_ents();

		EXPECT_EQ(RAFT_OK, raft_log_slice(l, tests[i].lo, tests[i].hi, tests[i].lim, got));
		EXPECT_ENTS_EQ(index_range(tests[i].lo, tests[i].want_hi), got);
	}
}

/* Not the original's: what is there already stays. */
TEST(log_slice_appends)
{
	struct raft_log *l = log_of_halves(0, 3, 6);
	struct raft_entries *got = new_ents();

	EXPECT_EQ(RAFT_OK, raft_log_slice(l, 1, 2, RAFT_NO_LIMIT, got));
	/* the limit is for what is new */
	EXPECT_EQ(RAFT_OK,
		raft_log_slice(l, 2, 6, 3 * raft_entry_size(&index_range(5, 6)->v[0]), got));
	EXPECT_ENTS_EQ(index_range(1, 5), got);
}

struct scan {
	struct raft_entries *got;
	uint64_t page_size;
	size_t pages, stop_after, want_len;
};

static bool visit(void *arg, const struct raft_entry *ents, size_t n)
{
	struct scan *s = arg;

	raft_entries_append(s->got, ents, n);
	EXPECT(n == 1 || raft_ents_size(ents, n) <= s->page_size);
	if (s->want_len)
		EXPECT_EQ(s->want_len, n);
	return ++s->pages != s->stop_after;
}

TEST_TIMEOUT(log_scan, 30)
{
	const raft_index offset = 47, num = 20, last = offset + num, half = offset + num / 2;
	const uint64_t size = raft_entry_size(&index_range(half, half + 1)->v[0]);
	const uint64_t page_sizes[] = {0, 1, 10, 100, size, size + 1};
	struct raft_log *l = log_of_halves(offset, half, last);
	struct scan s;

	/* scan reads what slice does, whatever the pages */
	for (size_t i = 0; i < ARRAY_LEN(page_sizes); i++) {
		for (raft_index lo = offset + 1; lo < last; lo++) {
			for (raft_index hi = lo; hi <= last; hi++) {
				struct raft_entries *want = new_ents();

				s = (struct scan){.got = new_ents(), .page_size = page_sizes[i]};
				EXPECT_EQ(
					RAFT_OK, raft_log_scan(l, lo, hi, s.page_size, visit, &s));
				EXPECT_EQ(RAFT_OK, raft_log_slice(l, lo, hi, RAFT_NO_LIMIT, want));
				EXPECT_ENTS_EQ(want, s.got);
			}
		}
	}

	/* the visitor can end it */
	s = (struct scan){.got = new_ents(), .stop_after = 2};
	EXPECT_EQ(RAFT_OK, raft_log_scan(l, offset + 1, half, 0, visit, &s));
	EXPECT_EQ(2, s.pages);

	/* pages are as full as they may be; this holds as the range is even */
	s = (struct scan){.got = new_ents(), .page_size = 2 * size, .want_len = 2};
	EXPECT_EQ(RAFT_OK, raft_log_scan(l, offset + 1, offset + 11, 2 * size, visit, &s));
	EXPECT_EQ(5, s.pages);
}

/* Not the original's: a small unstable entry may fit where a large stable one did
 * not; it must not take its place. */
TEST(log_slice_leaves_no_gap)
{
	struct raft_memory_storage *s = new_empty_memory_storage();
	struct raft_entries *stable = index_terms(1, 1, 1);
	struct raft_entries *got = new_ents();

	entry_set_data(&stable->v[1], "a large one");
	storage_append(s, stable);
	struct raft_log *l = new_log(s);
	const struct raft_entries *unstable = index_terms(3, 1);
	raft_log_append(l, unstable->v, 1);

	EXPECT_EQ(RAFT_OK, raft_log_slice(l, 1, 4, 2 * raft_entry_size(&unstable->v[0]), got));
	EXPECT_ENTS_EQ(index_terms(1, 1), got);
}

/* Not the original's: what storage still holds of a tail that was replaced has no
 * term any more. */
TEST(log_term_of_replaced_tail)
{
	struct raft_memory_storage *s = new_empty_memory_storage();
	raft_term term = 0;

	storage_append(s, index_terms(1, 1, 1, 1, 1));
	struct raft_log *l = new_log(s);
	raft_log_append(l, index_terms(2, 2)->v, 1);
	EXPECT_EQ(RAFT_OK, raft_log_term(l, 2, &term));
	EXPECT_EQ(2, term);
	EXPECT_EQ(RAFT_ERR_UNAVAILABLE, raft_log_term(l, 3, &term));
	EXPECT_EQ(0, raft_log_zero_term_on_out_of_bounds(l, 4));
}

/* Not the original's: nothing goes back before what is committed or applied, and
 * nothing is applied before it is committed. */
TEST(log_marks_out_of_range)
{
	struct raft_log *l = new_log(new_empty_memory_storage());

	raft_log_append(l, index_terms(1, 1, 1, 1)->v, 3);
	raft_log_commit_to(l, 2);
	EXPECT_PANIC(raft_log_append(l, index_terms(2, 2)->v, 1));
	EXPECT_PANIC(raft_log_applied_to(l, 3, 0));
	raft_log_applied_to(l, 2, 0);
	EXPECT_PANIC(raft_log_applied_to(l, 1, 0));
	raft_log_append(l, index_terms(3, 2)->v, 1);
	EXPECT_EQ(3, raft_log_last_index(l));
}

/* Not the original's: entries behind a snapshot wait until it is applied, also
 * while it is being written. */
TEST(log_applies_snapshot_first)
{
	struct raft_log *l = new_log(new_empty_memory_storage());

	raft_log_restore(l, new_test_snapshot(5, 1, with_peers(1)));
	raft_log_append(l, index_terms(6, 1)->v, 1);
	raft_log_commit_to(l, 6);
	EXPECT(!raft_log_has_next_committed_ents(l, true));
	raft_log_accept_unstable(l);
	EXPECT(!raft_log_has_next_committed_ents(l, true));
	raft_log_stable_snap_to(l, 5);
	raft_log_applied_to(l, 5, 0);
	EXPECT(raft_log_has_next_committed_ents(l, true));
}
