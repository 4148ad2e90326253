/* SPDX-License-Identifier: Apache-2.0 */
#include "raft/ids.h"
#include "raft/rafttest/raft_testing.h"

#include <string.h>

static void expect_ids(const char *want, const struct raft_ids *s)
{
	struct strbuf b = {0};
	raft_ids_describe(s, &b);
	EXPECT_STR_EQ(want, b.s);
	strbuf_free(&b);
}

TEST(ids_add_keeps_them_sorted_and_once)
{
	struct raft_ids s = {.len = 0};

	expect_ids("[]", &s);
	EXPECT(raft_ids_add(&s, 2));
	expect_ids("[2]", &s);
	EXPECT(raft_ids_add(&s, 3));
	EXPECT(raft_ids_add(&s, 1));
	EXPECT(raft_ids_add(&s, UINT64_MAX));
	EXPECT(raft_ids_add(&s, 2));
	expect_ids("[1 2 3 18446744073709551615]", &s);
}

TEST(ids_del)
{
	struct raft_ids s = IDS(1, 2, 3);

	raft_ids_del(&s, 4);
	raft_ids_del(&s, 0);
	expect_ids("[1 2 3]", &s);
	raft_ids_del(&s, 2);
	expect_ids("[1 3]", &s);
	raft_ids_del(&s, 3);
	raft_ids_del(&s, 1);
	raft_ids_del(&s, 1);
	expect_ids("[]", &s);
}

TEST(ids_has)
{
	struct raft_ids s = IDS(1, 3, 5);

	for (raft_id id = 0; id <= 6; id++)
		EXPECT_EQ(id % 2 == 1, raft_ids_has(&s, id));
}

/* A full set refuses a new id, still has the old ones, and writes nowhere else. */
TEST(ids_full)
{
	struct raft_ids s[2];

	memset(s, 0xa5, sizeof(s));
	s[0].len = 0;
	for (raft_id id = RAFT_MAX_MEMBERS; id >= 1; id--)
		EXPECT(raft_ids_add(&s[0], id));
	EXPECT(!raft_ids_add(&s[0], 0));
	EXPECT(!raft_ids_add(&s[0], RAFT_MAX_MEMBERS + 1));
	EXPECT(raft_ids_add(&s[0], RAFT_MAX_MEMBERS));
	EXPECT_EQ(RAFT_MAX_MEMBERS, s[0].len);
	EXPECT_EQ(0xa5a5a5a5, s[1].len);
	raft_ids_del(&s[0], 7);
	EXPECT(raft_ids_add(&s[0], RAFT_MAX_MEMBERS + 1));
}

TEST(ids_union)
{
	static const struct {
		struct raft_ids a, b;
		const char *want;
	} tests[] = {
		{{.len = 0}, {.len = 0}, "[]"},
		{IDS(1, 2), {.len = 0}, "[1 2]"},
		{{.len = 0}, IDS(1, 2), "[1 2]"},
		{IDS(1, 2, 3), IDS(1, 2, 3), "[1 2 3]"},
		{IDS(1, 4, 5), IDS(2, 4, 6, 7), "[1 2 4 5 6 7]"},
		{IDS(5), IDS(1, 2), "[1 2 5]"},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		raft_id out[2 * RAFT_MAX_MEMBERS];
		struct raft_ids got = {
			.len = (uint32_t)raft_ids_union(&tests[i].a, &tests[i].b, out),
		};
		memcpy(got.id, out, got.len * sizeof(out[0]));
		expect_ids(tests[i].want, &got);
	}
}
