/* SPDX-License-Identifier: Apache-2.0 */
/* The B-tree against a sorted array. etcd's index_test.go tests its tree by
 * way of the histories; here they are key_index_test.c's. */
#include "server/mvcc/index.h"

#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/util.h"

/* The model: an array of the keys that are in, in order. */
struct key {
	unsigned char data[40];
	size_t len;
};

struct model {
	struct key keys[6000];
	size_t n;
};

static uint64_t seed = 42;

static uint64_t draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

static int key_cmp(const struct key *a, const void *data, size_t len)
{
	int c = memcmp(a->data, data, a->len < len ? a->len : len);

	return c ? c : a->len < len ? -1 : a->len > len;
}

/* The position of the first key >= k; *found if equal. */
static size_t model_find(const struct model *m, const void *data, size_t len, bool *found)
{
	size_t lo = 0, hi = m->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (key_cmp(&m->keys[mid], data, len) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*found = lo < m->n && key_cmp(&m->keys[lo], data, len) == 0;
	return lo;
}

/* Keys of three kinds: with long shared prefixes, with zero bytes in them and
 * prefixes of each other, and of any bytes. */
static struct key draw_key(void)
{
	struct key k = {.len = 1 + draw(6)};

	switch (draw(3)) {
	case 0:
		k.len = (size_t)snprintf((char *)k.data, sizeof(k.data),
			"/registry/pods/default/%llu", (unsigned long long)draw(3000));
		break;
	case 1:
		for (size_t i = 0; i < k.len; i++)
			k.data[i] = (unsigned char)draw(3);
		break;
	default:
		for (size_t i = 0; i < k.len; i++)
			k.data[i] = (unsigned char)draw(256);
		break;
	}
	return k;
}

static void expect_same(const struct index *idx, const struct model *m)
{
	struct index_iter it;
	struct key_index *ki;
	size_t i = 0;

	EXPECT(index_check(idx));
	EXPECT_EQ(m->n, idx->n);
	index_seek(idx, &it, NULL, 0);
	while ((ki = index_next(&it))) {
		EXPECT(i < m->n);
		EXPECT_EQ(0, key_cmp(&m->keys[i], ki->key, ki->key_len));
		i++;
	}
	EXPECT_EQ(m->n, i);
	EXPECT(index_next(&it) == NULL);
}

static void step(struct index *idx, struct model *m, bool prefer_remove)
{
	struct key k = draw_key();
	bool found, remove = draw(10) < (prefer_remove ? 7 : 3);
	size_t at;

	if (remove && m->n && draw(2))
		k = m->keys[draw(m->n)];
	at = model_find(m, k.data, k.len, &found);
	EXPECT_EQ(found, index_get(idx, k.data, k.len) != NULL);
	if (remove) {
		EXPECT_EQ(found, index_remove(idx, k.data, k.len));
		if (found)
			memmove(&m->keys[at], &m->keys[at + 1], (--m->n - at) * sizeof(k));
	} else if (m->n < 6000) {
		struct key_index *ki = index_upsert(idx, k.data, k.len);

		EXPECT_EQ(0, key_cmp(&k, ki->key, ki->key_len));
		if (!found) {
			memmove(&m->keys[at + 1], &m->keys[at], (m->n++ - at) * sizeof(k));
			m->keys[at] = k;
		}
	}
}

TEST_TIMEOUT(index_random_against_model, 60)
{
	static struct model m;
	struct index idx = {0};

	for (int i = 0; i < 100000; i++) {
		struct index_iter it;
		struct key_index *ki;
		struct key k;
		size_t at;
		bool found;

		/* grow, then shrink to nothing, several times */
		step(&idx, &m, i / 10000 % 2 == 1);
		if (i % 500 == 0)
			expect_same(&idx, &m);
		k = draw_key();
		at = model_find(&m, k.data, k.len, &found);
		index_seek(&idx, &it, k.data, k.len);
		for (int j = 0; j < 3; j++, at++) {
			ki = index_next(&it);
			EXPECT_EQ(at < m.n, ki != NULL);
			if (!ki)
				break;
			EXPECT_EQ(0, key_cmp(&m.keys[at], ki->key, ki->key_len));
		}
	}
	while (m.n) {
		EXPECT(index_remove(&idx, m.keys[m.n - 1].data, m.keys[m.n - 1].len));
		m.n--;
	}
	EXPECT(idx.root == NULL);
	expect_same(&idx, &m);
	index_free(&idx);
}

/* Keys in order, both ways, and taken out in another order. */
TEST(index_sequential)
{
	struct index idx = {0};
	char key[32];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 50000; i++) {
			int n = snprintf(key, sizeof(key), "key-%08d", round ? 50000 - i : i + 1);

			EXPECT_EQ(n, (long long)index_upsert(&idx, key, (size_t)n)->key_len);
		}
		EXPECT_EQ(50000, idx.n);
		EXPECT(index_check(&idx));
		for (int i = 0; i < 50000; i++) {
			int n = snprintf(key, sizeof(key), "key-%08d",
				(int)((long long)i * 7919 % 50000) + 1);

			EXPECT(index_remove(&idx, key, (size_t)n));
			EXPECT(!index_remove(&idx, key, (size_t)n));
			if (i % 5000 == 0)
				EXPECT(index_check(&idx));
		}
		EXPECT_EQ(0, idx.n);
	}
	EXPECT(index_get(&idx, "x", 1) == NULL);
	index_free(&idx);
}
