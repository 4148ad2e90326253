/* SPDX-License-Identifier: Apache-2.0 */
/* The original: types_test.go. */
#include "raft/rafttest/raft_testing.h"

TEST(entry_id)
{
	static const struct {
		struct raft_entry entry;
		struct entry_id want;
	} tests[] = {
		{{.term = 0}, {.term = 0, .index = 0}},
		{{.term = 1, .index = 2, .data = "data", .len = 4}, {.term = 1, .index = 2}},
		{{.term = 10, .index = 123}, {.term = 10, .index = 123}},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct entry_id got = raft_entry_id(&tests[i].entry);

		EXPECT_EQ(tests[i].want.term, got.term);
		EXPECT_EQ(tests[i].want.index, got.index);
	}
}

#define ID(index_, term_)                                                                          \
	{                                                                                          \
		.term = (term_), .index = (index_)                                                 \
	}
#define ENTS(...) {__VA_ARGS__}, ARRAY_LEN(((struct raft_entry[]){__VA_ARGS__}))

TEST(log_slice)
{
	static const struct {
		raft_term term;
		struct entry_id prev;
		struct raft_entry ents[3];
		size_t len;
		bool want_valid;
		struct entry_id want_last;
	} tests[] = {
		/* empty, at the origin of the log */
		{.want_valid = true},
		/* empty; valid only if term >= prev.term */
		{.term = 0, .prev = ID(123, 10)},
		{.term = 9, .prev = ID(123, 10)},
		{.term = 10, .prev = ID(123, 10), .want_valid = true, .want_last = ID(123, 10)},
		{.term = 11, .prev = ID(123, 10), .want_valid = true, .want_last = ID(123, 10)},
		/* one entry */
		{0, ID(0, 0), ENTS(ID(1, 1)), false, ID(0, 0)},
		{1, ID(0, 0), ENTS(ID(1, 1)), true, ID(1, 1)},
		{2, ID(0, 0), ENTS(ID(1, 1)), true, ID(1, 1)},
		/* several entries */
		{2, ID(0, 0), ENTS(ID(2, 1), ID(3, 1), ID(4, 2)), false, ID(0, 0)},
		{1, ID(1, 1), ENTS(ID(2, 1), ID(3, 1), ID(4, 2)), false, ID(0, 0)},
		{2, ID(1, 1), ENTS(ID(2, 1), ID(3, 1), ID(4, 2)), true, ID(4, 2)},
		/* the first one and prev */
		{10, ID(123, 5), ENTS(ID(111, 5)), false, ID(0, 0)},
		{10, ID(123, 5), ENTS(ID(124, 4)), false, ID(0, 0)},
		{10, ID(123, 5), ENTS(ID(234, 6)), false, ID(0, 0)},
		{10, ID(123, 5), ENTS(ID(124, 6)), true, ID(124, 6)},
		/* one and the next */
		{10, ID(12, 2), ENTS(ID(13, 2), ID(12, 2)), false, ID(0, 0)},
		{10, ID(12, 2), ENTS(ID(13, 2), ID(15, 2)), false, ID(0, 0)},
		{10, ID(12, 2), ENTS(ID(13, 2), ID(14, 1)), false, ID(0, 0)},
		{10, ID(12, 2), ENTS(ID(13, 2), ID(14, 3)), true, ID(14, 3)},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct log_slice s = {
			.term = tests[i].term,
			.prev = tests[i].prev,
			.entries = (struct raft_entry *)tests[i].ents,
			.len = tests[i].len,
		};

		EXPECT_EQ(tests[i].want_valid, log_slice_valid(&s));
		if (tests[i].want_valid) {
			EXPECT_EQ(tests[i].want_last.term, log_slice_last_entry_id(&s).term);
			EXPECT_EQ(tests[i].want_last.index, log_slice_last_entry_id(&s).index);
			EXPECT_EQ(tests[i].want_last.index, log_slice_last_index(&s));
		}
	}
}
