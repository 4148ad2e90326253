/* SPDX-License-Identifier: Apache-2.0 */
/* The original: tracker/inflights_test.go. */
#include "raft/raft_internal.h"
#include "raft/rafttest/raft_testing.h"

#include <stdlib.h>

static void free_inflights(void *in)
{
	inflights_free(in);
	free(in);
}

/* new_inflights makes a window that lasts until the end of the test. */
static struct inflights *new_inflights(int size, uint64_t max_bytes)
{
	struct inflights *in = raft_malloc(sizeof(*in));
	inflights_init(in, size, max_bytes);
	raft_testing_defer(free_inflights, in);
	return in;
}

/* add_range adds messages [begin, end), each of 100 bytes and its index. */
static void add_range(struct inflights *in, raft_index begin, raft_index end)
{
	for (raft_index i = begin; i < end; i++)
		inflights_add(in, i, 100 + i);
}

/* expect_ring checks where the window is and what all ten places hold; bytes at
 * a place are 100 and its index, or 0 if the place was never used. */
static void expect_ring(const struct inflights *in, int start, int count, uint64_t bytes,
	const raft_index *indexes, int used_from)
{
	EXPECT_EQ(start, in->start);
	EXPECT_EQ(count, in->count);
	EXPECT_EQ(bytes, in->bytes);
	EXPECT_EQ(10, in->buffer_len);
	for (int i = used_from; i < used_from + 10 && indexes[i % 10] != RAFT_NO_LIMIT; i++) {
		EXPECT_EQ(indexes[i % 10], in->buffer[i % 10].index);
		EXPECT_EQ(100 + indexes[i % 10], in->buffer[i % 10].bytes);
	}
}

/* UNUSED marks a place that the test says nothing about. */
#define UNUSED RAFT_NO_LIMIT
#define RING(...) ((const raft_index[10]){__VA_ARGS__})

/* ring_of_ten is a window that begins at start in a ring of its full size. */
static struct inflights *ring_of_ten(int start)
{
	struct inflights *in = new_inflights(10, 0);
	in->start = start;
	in->buffer = raft_calloc(10, sizeof(*in->buffer));
	in->buffer_len = 10;
	return in;
}

TEST(inflights_add)
{
	struct inflights *in = ring_of_ten(0), *rotating = ring_of_ten(5);

	add_range(in, 0, 5);
	expect_ring(in, 0, 5, 510, RING(0, 1, 2, 3, 4, UNUSED, UNUSED, UNUSED, UNUSED, UNUSED), 0);
	add_range(in, 5, 10);
	expect_ring(in, 0, 10, 1045, RING(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 0);

	add_range(rotating, 0, 5);
	expect_ring(rotating, 5, 5, 510,
		RING(UNUSED, UNUSED, UNUSED, UNUSED, UNUSED, 0, 1, 2, 3, 4), 5);
	add_range(rotating, 5, 10);
	expect_ring(rotating, 5, 10, 1045, RING(5, 6, 7, 8, 9, 0, 1, 2, 3, 4), 5);
}

TEST(inflights_free_to)
{
	struct inflights *in = new_inflights(10, 0);

	add_range(in, 0, 10);

	inflights_free_le(in, 0);
	expect_ring(in, 1, 9, 945, RING(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 0);
	inflights_free_le(in, 4);
	expect_ring(in, 5, 5, 535, RING(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 0);
	inflights_free_le(in, 8);
	expect_ring(in, 9, 1, 109, RING(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 0);

	/* around the end of the ring */
	add_range(in, 10, 15);
	inflights_free_le(in, 12);
	expect_ring(in, 3, 2, 227, RING(10, 11, 12, 13, 14, 5, 6, 7, 8, 9), 0);
	inflights_free_le(in, 14);
	expect_ring(in, 0, 0, 0, RING(10, 11, 12, 13, 14, 5, 6, 7, 8, 9), 0);
}

static void add_until_full(struct inflights *in, raft_index begin, raft_index end)
{
	for (raft_index i = begin; i < end; i++) {
		EXPECT(!inflights_full(in));
		inflights_add(in, i, 100 + i);
	}
	EXPECT(inflights_full(in));
}

TEST(inflights_full)
{
	static const struct {
		const char *name;
		int size;
		uint64_t max_bytes;
		raft_index full_at, free_le, again_at;
	} tests[] = {
		{.name = "always full", .size = 0},
		{"single entry", 1, 0, 1, 1, 2},
		{"single entry, overflow", 1, 10, 1, 1, 2},
		{"several entries", 15, 0, 15, 6, 22},
		{"slight overflow", 8, 400, 4, 2, 7},
		{"exactly max_bytes", 8, 406, 4, 3, 8},
		{"larger overflow", 15, 408, 5, 1, 6},
	};
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("%s", tests[i].name);
		struct inflights *in = new_inflights(tests[i].size, tests[i].max_bytes);
		add_until_full(in, 0, tests[i].full_at);
		inflights_free_le(in, tests[i].free_le);
		add_until_full(in, tests[i].full_at, tests[i].again_at);
		EXPECT_PANIC(inflights_add(in, 100, 1024));
		EXPECT_STR_EQ("cannot add into a Full inflights", runner_panic_message());
	}
}

/* Bytes must not leak across resets. */
TEST(inflights_reset)
{
	struct inflights *in = new_inflights(10, 1000);
	raft_index index = 0;

	for (int epoch = 0; epoch < 100; epoch++) {
		inflights_reset(in);
		for (int i = 0; i < 5; i++) {
			EXPECT(!inflights_full(in));
			inflights_add(in, ++index, 16);
		}
		inflights_free_le(in, index - 2);
		EXPECT(!inflights_full(in));
		EXPECT_EQ(2, in->count);
	}
	inflights_free_le(in, index);
	EXPECT_EQ(0, in->count);
}

/* Not the original's: a ring that grows while its window wanders around it
 * forgets nothing, and is never longer than its size. */
TEST(inflights_grow)
{
	struct inflights *in = new_inflights(37, 0);
	raft_index added = 0, freed = 0;

	for (int width = 1; width <= 37; width++) {
		for (int i = 0; i < 3; i++) {
			while (in->count < width)
				inflights_add(in, ++added, 1);
			EXPECT_EQ(added - freed, in->count);
			freed += (raft_index)(width + 1) / 2;
			inflights_free_le(in, freed);
			EXPECT_EQ(added - freed, in->bytes);
			EXPECT(in->buffer_len <= 37);
			if (in->count > 0)
				EXPECT_EQ(freed + 1, in->buffer[in->start].index);
		}
	}
}

/* Not the original's either. */
TEST(inflights_clone_shares_nothing)
{
	struct inflights *in = new_inflights(4, 0), *copy = new_inflights(0, 0);

	inflights_add(in, 1, 10);
	*copy = inflights_clone(in);
	inflights_free_le(copy, 1);
	inflights_add(copy, 7, 70);
	EXPECT_EQ(1, in->count);
	EXPECT_EQ(1, in->buffer[0].index);
	EXPECT_EQ(10, in->bytes);
	EXPECT_EQ(70, copy->bytes);
}
