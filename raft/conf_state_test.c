/* SPDX-License-Identifier: Apache-2.0 */
/* The original: raftpb/confstate_test.go. */
#include "raft/rafttest/raft_testing.h"

TEST(conf_state_equivalent)
{
	static const struct {
		const char *name;
		struct raft_conf_state a, b;
		bool want;
	} tests[] = {
		{"reordered",
			{.voters = IDS(1, 2, 3),
				.learners = IDS(5, 4, 6),
				.voters_outgoing = IDS(9, 8, 7),
				.learners_next = IDS(10, 20, 15)},
			{.voters = IDS(1, 2, 3),
				.learners = IDS(4, 5, 6),
				.voters_outgoing = IDS(7, 9, 8),
				.learners_next = IDS(20, 10, 15)},
			true},
		{"what stands behind the end", {.voters = {.len = 0, .id = {7}}},
			{.auto_leave = false}, true},
		{"number of voters", {.voters = IDS(1, 2, 3, 4)}, {.voters = IDS(2, 1, 3)}, false},
		{"voters", {.voters = IDS(1, 4, 3)}, {.voters = IDS(2, 1, 3)}, false},
		{"learners", {.learners = IDS(1, 4, 3)}, {.learners = IDS(2, 1, 3)}, false},
		{"voters_outgoing", {.voters_outgoing = IDS(1)}, {.voters_outgoing = IDS(2)},
			false},
		{"learners_next", {.learners_next = IDS(1)}, {.auto_leave = false}, false},
		{"auto_leave", {.auto_leave = true}, {.auto_leave = false}, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("%s", tests[i].name);
		EXPECT_EQ(tests[i].want, raft_conf_state_equivalent(&tests[i].a, &tests[i].b));
		EXPECT_EQ(tests[i].want, raft_conf_state_equivalent(&tests[i].b, &tests[i].a));
	}
}
