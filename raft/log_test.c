/* SPDX-License-Identifier: Apache-2.0 */
/* The original: log_test.go, first part: appending, committing, applying. The
 * rest is in log_bounds_test.c. */
#include "raft/rafttest/log_testing.h"

#define PREV(term_, index_)                                                                        \
	{                                                                                          \
		.term = (term_), .index = (index_)                                                 \
	}

static void append_all(struct raft_log *l, const struct raft_entries *ents)
{
	raft_log_append(l, ents->v, ents->len);
}

TEST(find_conflict)
{
	const struct raft_entries *previous = index_terms(1, 1, 2, 3);
	const struct {
		const struct raft_entries *ents;
		raft_index want;
	} tests[] = {
		/* no conflict, nothing new */
		{&no_ents, 0},
		{index_terms(1, 1, 2, 3), 0},
		{index_terms(2, 2, 3), 0},
		{index_terms(3, 3), 0},
		/* no conflict, but new entries */
		{index_terms(1, 1, 2, 3, 4, 4), 4},
		{index_terms(2, 2, 3, 4, 5), 4},
		{index_terms(3, 3, 4, 4), 4},
		{index_terms(4, 4, 4), 4},
		/* conflicts with existing entries */
		{index_terms(1, 4, 4), 1},
		{index_terms(2, 1, 4, 4), 2},
		{index_terms(3, 1, 2, 4, 4), 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_log *l = new_log(new_empty_memory_storage());
		append_all(l, previous);
		EXPECT_EQ(tests[i].want,
			raft_log_find_conflict(l, tests[i].ents->v, tests[i].ents->len));
	}
}

TEST(find_conflict_by_term)
{
	/* The first entry stands for the snapshot that the log begins with. */
	const struct raft_entries *from_1 = index_terms(0, 0, 2, 2, 5, 5, 5);
	const struct raft_entries *compacted = index_terms(10, 3, 3, 3, 4, 4, 4);
	const struct {
		const struct raft_entries *ents;
		raft_index index;
		raft_term term;
		raft_index want;
	} tests[] = {
		{from_1, 100, 2, 100}, /* not there */
		{from_1, 5, 6, 5},
		{from_1, 5, 5, 5},
		{from_1, 5, 4, 2},
		{from_1, 5, 2, 2},
		{from_1, 5, 1, 0},
		{from_1, 1, 2, 1},
		{from_1, 1, 1, 0},
		{from_1, 0, 0, 0},
		{compacted, 30, 3, 30}, /* not there */
		{compacted, 14, 9, 14},
		{compacted, 14, 4, 14},
		{compacted, 14, 3, 12},
		{compacted, 14, 2, 9},
		{compacted, 11, 5, 11},
		{compacted, 10, 5, 10},
		{compacted, 10, 3, 10},
		{compacted, 10, 2, 9},
		{compacted, 9, 2, 9}, /* gone */
		{compacted, 4, 2, 4},
		{compacted, 0, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		const struct raft_entries *ents = tests[i].ents;
		struct raft_log *l =
			new_log(storage_from_snapshot(ents->v[0].index, ents->v[0].term));
		raft_log_append(l, ents->v + 1, ents->len - 1);

		struct entry_id got =
			raft_log_find_conflict_by_term(l, tests[i].index, tests[i].term);
		EXPECT_EQ(tests[i].want, got.index);
		EXPECT_EQ(raft_log_zero_term_on_out_of_bounds(l, got.index), got.term);
	}
}

TEST(is_up_to_date)
{
	static const struct {
		const char *name;
		raft_index last;
		raft_term term;
		bool want;
	} tests[] = {
		{"greater term, any index", 2, 4, true},
		{"greater term, any index", 3, 4, true},
		{"greater term, any index", 4, 4, true},
		{"smaller term, any index", 2, 2, false},
		{"smaller term, any index", 3, 2, false},
		{"smaller term, any index", 4, 2, false},
		{"equal term, smaller index", 2, 3, false},
		{"equal term, equal index", 3, 3, true},
		{"equal term, larger index", 4, 3, true},
	};
	struct raft_log *l = new_log(new_empty_memory_storage());

	append_all(l, index_terms(1, 1, 2, 3));
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu: %s", i, tests[i].name);
		EXPECT_EQ(tests[i].want,
			raft_log_is_up_to_date(l,
				(struct entry_id){.term = tests[i].term, .index = tests[i].last}));
	}
}

TEST(log_append)
{
	const struct {
		const struct raft_entries *ents;
		raft_index want_index;
		const struct raft_entries *want;
		raft_index want_unstable;
	} tests[] = {
		{&no_ents, 2, index_terms(1, 1, 2), 3},
		{index_terms(3, 2), 3, index_terms(1, 1, 2, 2), 3},
		/* conflicts with index 1 */
		{index_terms(1, 2), 1, index_terms(1, 2), 1},
		/* conflicts with index 2 */
		{index_terms(2, 3, 3), 3, index_terms(1, 1, 3, 3), 2},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_memory_storage *storage = new_empty_memory_storage();
		storage_append(storage, index_terms(1, 1, 2));
		struct raft_log *l = new_log(storage);
		struct raft_entries *got = new_ents();

		EXPECT_EQ(tests[i].want_index,
			raft_log_append(l, tests[i].ents->v, tests[i].ents->len));
		EXPECT_EQ(RAFT_OK, raft_log_entries(l, 1, RAFT_NO_LIMIT, got));
		EXPECT_ENTS_EQ(tests[i].want, got);
		EXPECT_EQ(tests[i].want_unstable, l->unstable.offset);
	}
}

/* If the log has what the leader's entries follow, then conflicting entries go,
 * all behind them go, and what is new is appended. If not, nothing happens. */
TEST(log_maybe_append)
{
	const struct {
		const char *name;
		struct entry_id prev;
		raft_index committed;
		const struct raft_entries *ents;
		raft_index want_last;
		bool want;
		raft_index want_commit;
		bool want_panic;
	} tests[] = {
		{"term is different", PREV(2, 3), 3, index_terms(4, 4), 0, false, 1, false},
		{"index out of bound", PREV(3, 4), 3, index_terms(5, 4), 0, false, 1, false},
		/* match with the last existing entry */
		{"nothing new", PREV(3, 3), 3, &no_ents, 3, true, 3, false},
		{"commit no higher than last new", PREV(3, 3), 4, &no_ents, 3, true, 3, false},
		{"commit up to that of the message", PREV(3, 3), 2, &no_ents, 3, true, 2, false},
		{"commit does not decrease", PREV(3, 3), 0, &no_ents, 3, true, 1, false},
		{"commit does not decrease", PREV(0, 0), 3, &no_ents, 0, true, 1, false},
		{"one more", PREV(3, 3), 3, index_terms(4, 4), 4, true, 3, false},
		{"one more, committed", PREV(3, 3), 4, index_terms(4, 4), 4, true, 4, false},
		{"commit no higher than last new", PREV(3, 3), 5, index_terms(4, 4), 4, true, 4,
			false},
		{"two more", PREV(3, 3), 5, index_terms(4, 4, 4), 5, true, 5, false},
		/* match with an entry in the middle */
		{"replace 3", PREV(2, 2), 3, index_terms(3, 4), 3, true, 3, false},
		{"replace 2", PREV(1, 1), 3, index_terms(2, 4), 2, true, 2, false},
		{"replace a committed one", PREV(0, 0), 3, index_terms(1, 4), 1, true, 1, true},
		{"replace 2 and 3", PREV(1, 1), 3, index_terms(2, 4, 4), 3, true, 3, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu: %s", i, tests[i].name);
		const struct raft_entries *ents = tests[i].ents;
		struct log_slice app = {
			.term = 100,
			.prev = tests[i].prev,
			.entries = ents->v,
			.len = ents->len,
		};
		struct raft_log *l = new_log(new_empty_memory_storage());
		raft_index last = 0;

		EXPECT(log_slice_valid(&app));
		append_all(l, index_terms(1, 1, 2, 3));
		l->committed = 1;

		if (tests[i].want_panic) {
			EXPECT_PANIC(raft_log_maybe_append(l, &app, tests[i].committed, &last));
			EXPECT_STR_EQ("entry 1 conflict with committed entry [committed(1)]",
				runner_panic_message());
			continue;
		}
		EXPECT_EQ(tests[i].want, raft_log_maybe_append(l, &app, tests[i].committed, &last));
		EXPECT_EQ(tests[i].want_last, last);
		EXPECT_EQ(tests[i].want_commit, l->committed);
		if (tests[i].want && ents->len > 0) {
			struct raft_entries *got = new_ents();
			raft_index end = raft_log_last_index(l) + 1;

			EXPECT_EQ(RAFT_OK,
				raft_log_slice(l, end - ents->len, end, RAFT_NO_LIMIT, got));
			EXPECT_ENTS_EQ(ents, got);
		}
	}
}

/* ---- What is to be applied ---------------------------------------------- */

/* log_for_applying: a snapshot up to 3, then 4 and 5, both committed and only 4
 * stable, and 6, which is not committed. */
static struct raft_log *log_for_applying(uint64_t max_size)
{
	const struct raft_entries *ents = index_terms(4, 1, 1, 1);
	struct raft_memory_storage *storage = storage_from_snapshot(3, 1);
	struct raft_log *l;

	EXPECT_EQ(RAFT_OK, raft_memory_storage_append(storage, ents->v, 1));
	l = new_log_with_size(storage, max_size);
	append_all(l, ents);
	raft_log_stable_to(l, (struct entry_id){.term = 1, .index = 4});
	raft_log_maybe_commit(l, (struct entry_id){.term = 1, .index = 5});
	return l;
}

/* The rows of has_next_committed_ents and next_committed_ents, which the original
 * has twice: the entries [lo, hi) are to be applied next. */
static const struct {
	raft_index applied, applying;
	bool allow_unstable, paused, snap;
	raft_index lo, hi;
} committed_ents_tests[] = {
	{.applied = 3, .applying = 3, .allow_unstable = true, .lo = 4, .hi = 6},
	{.applied = 3, .applying = 4, .allow_unstable = true, .lo = 5, .hi = 6},
	{.applied = 3, .applying = 5, .allow_unstable = true},
	{.applied = 4, .applying = 4, .allow_unstable = true, .lo = 5, .hi = 6},
	{.applied = 4, .applying = 5, .allow_unstable = true},
	{.applied = 5, .applying = 5, .allow_unstable = true},
	/* stable entries only */
	{.applied = 3, .applying = 3, .lo = 4, .hi = 5},
	{.applied = 3, .applying = 4},
	{.applied = 3, .applying = 5},
	{.applied = 4, .applying = 4},
	{.applied = 4, .applying = 5},
	{.applied = 5, .applying = 5},
	/* paused; a snapshot goes first */
	{.applied = 3, .applying = 3, .allow_unstable = true, .paused = true},
	{.applied = 3, .applying = 3, .allow_unstable = true, .snap = true},
};

static struct raft_log *log_of_committed_ents_test(size_t i)
{
	struct raft_log *l = log_for_applying(RAFT_NO_LIMIT);

	TEST_CASE("#%zu", i);
	raft_log_applied_to(l, committed_ents_tests[i].applied, 0);
	raft_log_accept_applying(
		l, committed_ents_tests[i].applying, 0, committed_ents_tests[i].allow_unstable);
	l->applying_ents_paused = committed_ents_tests[i].paused;
	if (committed_ents_tests[i].snap)
		raft_log_restore(l, new_test_snapshot(4, 1, .auto_leave = false));
	return l;
}

TEST(has_next_committed_ents)
{
	for (size_t i = 0; i < ARRAY_LEN(committed_ents_tests); i++) {
		struct raft_log *l = log_of_committed_ents_test(i);

		EXPECT_EQ(committed_ents_tests[i].hi > 0,
			raft_log_has_next_committed_ents(
				l, committed_ents_tests[i].allow_unstable));
	}
}

TEST(next_committed_ents)
{
	for (size_t i = 0; i < ARRAY_LEN(committed_ents_tests); i++) {
		struct raft_log *l = log_of_committed_ents_test(i);
		struct raft_entries *got = new_ents(), *want = new_ents();

		for (raft_index j = committed_ents_tests[i].lo; j < committed_ents_tests[i].hi; j++)
			raft_entries_push(want, &(struct raft_entry){.index = j, .term = 1});
		raft_log_next_committed_ents(l, committed_ents_tests[i].allow_unstable, got);
		EXPECT_ENTS_EQ(want, got);
	}
}

TEST(accept_applying)
{
	enum { MAX = 100 };
	static const struct {
		raft_index index;
		bool allow_unstable;
		uint64_t size;
		bool want_paused;
	} tests[] = {
		{3, true, MAX - 1, true},
		{3, true, MAX, true},
		{3, true, MAX + 1, true},
		{4, true, MAX - 1, true},
		{4, true, MAX, true},
		{4, true, MAX + 1, true},
		{5, true, MAX - 1, false},
		{5, true, MAX, true},
		{5, true, MAX + 1, true},
		/* stable entries only */
		{3, false, MAX - 1, true},
		{3, false, MAX, true},
		{3, false, MAX + 1, true},
		{4, false, MAX - 1, false},
		{4, false, MAX, true},
		{4, false, MAX + 1, true},
		{5, false, MAX - 1, false},
		{5, false, MAX, true},
		{5, false, MAX + 1, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_log *l = log_for_applying(MAX);

		raft_log_applied_to(l, 3, 0);
		raft_log_accept_applying(l, tests[i].index, tests[i].size, tests[i].allow_unstable);
		EXPECT_EQ(tests[i].want_paused, l->applying_ents_paused);
	}
}

TEST(applied_to)
{
	enum { MAX = 100, OVERSHOOT = 5 };
	static const struct {
		raft_index index;
		uint64_t size, want_size;
		bool want_paused;
	} tests[] = {
		/* some of what is being applied */
		{4, OVERSHOOT - 1, MAX + 1, true},
		{4, OVERSHOOT, MAX, true},
		{4, OVERSHOOT + 1, MAX - 1, false},
		/* all of it */
		{5, OVERSHOOT - 1, MAX + 1, true},
		{5, OVERSHOOT, MAX, true},
		{5, OVERSHOOT + 1, MAX - 1, false},
		/* all bytes, and more: wrong accounting does not underflow */
		{4, MAX + OVERSHOOT, 0, false},
		{4, MAX + OVERSHOOT + 1, 0, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_log *l = log_for_applying(MAX);

		raft_log_applied_to(l, 3, 0);
		raft_log_accept_applying(l, 5, MAX + OVERSHOOT, false);
		raft_log_applied_to(l, tests[i].index, tests[i].size);
		EXPECT_EQ(tests[i].index, l->applied);
		EXPECT_EQ(5, l->applying);
		EXPECT_EQ(tests[i].want_size, l->applying_ents_size);
		EXPECT_EQ(tests[i].want_paused, l->applying_ents_paused);
	}
}

/* ---- What is unstable, what is committed -------------------------------- */

TEST(next_unstable_ents)
{
	const struct raft_entries *previous = index_terms(1, 1, 2);

	for (uint32_t stable = 0; stable <= 2; stable += 2) {
		TEST_CASE("%u stable", stable);
		struct raft_memory_storage *storage = new_empty_memory_storage();
		EXPECT_EQ(RAFT_OK, raft_memory_storage_append(storage, previous->v, stable));
		struct raft_log *l = new_log(storage);
		struct raft_entries want = ents_slice(previous, stable, 2), got = {0};
		const struct raft_entry *v;

		append_all(l, &want);
		got.len = (uint32_t)raft_log_next_unstable_ents(l, &v);
		got.v = (struct raft_entry *)v;
		EXPECT_ENTS_EQ(&want, &got);
		if (got.len > 0)
			raft_log_stable_to(l, raft_entry_id(&v[got.len - 1]));
		EXPECT_EQ(3, l->unstable.offset);
	}
}

TEST(commit_to)
{
	struct raft_log *l = new_log(new_empty_memory_storage());

	append_all(l, index_terms(1, 1, 2, 3));
	l->committed = 2;
	raft_log_commit_to(l, 1); /* never decrease */
	EXPECT_EQ(2, l->committed);
	raft_log_commit_to(l, 3);
	EXPECT_EQ(3, l->committed);
	l->committed = 2;
	EXPECT_PANIC(raft_log_commit_to(l, 4));
	EXPECT_STR_EQ("tocommit(4) is out of range [lastIndex(3)]. Was the raft log corrupted, "
		      "truncated, or lost?",
		runner_panic_message());
}

TEST(log_stable_to)
{
	static const struct {
		struct entry_id id;
		raft_index want_unstable;
	} tests[] = {
		{PREV(1, 1), 2}, {PREV(2, 2), 3}, {PREV(1, 2), 1}, /* bad term */
		{PREV(1, 3), 1},                                   /* bad index */
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_log *l = new_log(new_empty_memory_storage());

		append_all(l, index_terms(1, 1, 2));
		raft_log_stable_to(l, tests[i].id);
		EXPECT_EQ(tests[i].want_unstable, l->unstable.offset);
	}
}

TEST(log_stable_to_with_snap)
{
	/* a snapshot up to index 5, of term 2 */
	const struct raft_entries *one = index_terms(6, 2);
	const struct {
		struct entry_id id;
		const struct raft_entries *ents;
		raft_index want_unstable;
	} tests[] = {
		{PREV(2, 6), &no_ents, 6},
		{PREV(2, 5), &no_ents, 6},
		{PREV(2, 4), &no_ents, 6},

		{PREV(3, 6), &no_ents, 6},
		{PREV(3, 5), &no_ents, 6},
		{PREV(3, 4), &no_ents, 6},

		{PREV(2, 6), one, 7},
		{PREV(2, 5), one, 6},
		{PREV(2, 4), one, 6},

		{PREV(3, 6), one, 6},
		{PREV(3, 5), one, 6},
		{PREV(3, 4), one, 6},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct raft_log *l = new_log(storage_from_snapshot(5, 2));

		append_all(l, tests[i].ents);
		raft_log_stable_to(l, tests[i].id);
		EXPECT_EQ(tests[i].want_unstable, l->unstable.offset);
	}
}
