/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mvcc/key_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/util.h"

struct key_index *key_index_new(const void *key, size_t key_len)
{
	struct key_index *ki = xmalloc(sizeof(*ki) + key_len);

	*ki = (struct key_index){.key_len = (uint32_t)key_len};
	memcpy(ki->key, key, key_len);
	return ki;
}

static void generation_free(struct key_generation *g)
{
	if (g->n >= 2)
		free(g->revs);
	*g = (struct key_generation){0};
}

void key_index_free(struct key_index *ki)
{
	if (!ki)
		return;
	for (uint32_t i = 0; i < ki->n_older; i++)
		generation_free(&ki->older[i]);
	free(ki->older);
	generation_free(&ki->cur);
	free(ki);
}

static struct revision generation_rev(const struct key_generation *g, uint32_t i)
{
	if (g->n == 1)
		return (struct revision){g->main, g->sub};
	return g->revs[i];
}

static void generation_push(struct key_generation *g, struct revision rev)
{
	struct revision *revs;

	g->version++;
	if (g->n == 0) {
		/* a change has a sub below the number of keys it touched */
		assert(rev.sub >= 0 && rev.sub <= UINT32_MAX);
		g->main = rev.main;
		g->sub = (uint32_t)rev.sub;
		g->n = 1;
		return;
	}
	if (g->n == 1) {
		revs = xmalloc(2 * sizeof(revs[0]));
		revs[0] = generation_rev(g, 0);
		g->revs = revs;
		g->sub = 2;
	} else if (g->n == g->sub) {
		g->sub *= 2;
		g->revs = xreallocarray(g->revs, g->sub, sizeof(revs[0]));
	}
	g->revs[g->n++] = rev;
}

/* Forgets the first k of n > k revisions. */
static void generation_shift(struct key_generation *g, uint32_t k)
{
	struct revision *revs = g->revs, last;

	if (k == 0)
		return;
	last = revs[g->n - 1];
	g->n -= k;
	if (g->n == 1) {
		free(revs);
		g->main = last.main;
		g->sub = (uint32_t)last.sub;
		return;
	}
	memmove(revs, revs + k, g->n * sizeof(revs[0]));
	g->revs = xreallocarray(revs, g->n, sizeof(revs[0]));
	g->sub = g->n;
}

/* The number of revisions at or before at_rev. The last ones are asked for
 * most, so the search begins with them. */
static uint32_t generation_count_until(const struct key_generation *g, int64_t at_rev)
{
	uint32_t lo = 0, hi = g->n;

	if (g->n && generation_rev(g, g->n - 1).main <= at_rev)
		return g->n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (generation_rev(g, mid).main <= at_rev)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void key_index_put(struct key_index *ki, struct revision rev)
{
	if (ki->cur.n == 0)
		ki->cur.created = rev.main;
	else
		assert(revision_cmp(generation_rev(&ki->cur, ki->cur.n - 1), rev) < 0);
	generation_push(&ki->cur, rev);
}

void key_index_restore(struct key_index *ki, int64_t created, struct revision rev, int64_t version)
{
	assert(ki->cur.n == 0 && ki->n_older == 0);
	generation_push(&ki->cur, rev);
	ki->cur.created = created;
	ki->cur.version = version;
}

bool key_index_tombstone(struct key_index *ki, struct revision rev)
{
	if (ki->cur.n == 0)
		return false;
	key_index_put(ki, rev);
	ki->older = xreallocarray(ki->older, ki->n_older + 1, sizeof(ki->older[0]));
	ki->older[ki->n_older++] = ki->cur;
	ki->cur = (struct key_generation){0};
	return true;
}

bool key_index_get(const struct key_index *ki, int64_t at_rev, struct revision *rev,
	int64_t *created, int64_t *version)
{
	const struct key_generation *g = &ki->cur;
	uint32_t count, i = ki->n_older;

	/* Back to the generation that had begun by then. */
	while ((count = generation_count_until(g, at_rev)) == 0) {
		if (i == 0)
			return false;
		g = &ki->older[--i];
	}
	if (g != &ki->cur && count == g->n)
		return false; /* the last change was the deletion */
	*rev = generation_rev(g, count - 1);
	if (created)
		*created = g->created;
	if (version)
		*version = g->version - (g->n - count);
	return true;
}

bool key_index_live(const struct key_index *ki, int64_t *created, int64_t *version)
{
	*created = ki->cur.created;
	*version = ki->cur.version;
	return ki->cur.n != 0;
}

bool key_index_compact(struct key_index *ki, int64_t at_rev,
	void (*removed)(void *arg, struct revision rev, bool tombstone), void *arg)
{
	struct key_generation *g;
	uint32_t gone = 0, count;

	/* Lives that had ended by then go, tombstone included. */
	for (; gone < ki->n_older; gone++) {
		g = &ki->older[gone];
		if (generation_rev(g, g->n - 1).main > at_rev)
			break;
		for (uint32_t i = 0; i < g->n; i++)
			removed(arg, generation_rev(g, i), i == g->n - 1);
		generation_free(g);
	}
	/* Of the one that was under way the last change by then stays. */
	g = gone < ki->n_older ? &ki->older[gone] : &ki->cur;
	count = generation_count_until(g, at_rev);
	if (count > 1) {
		for (uint32_t i = 0; i < count - 1; i++)
			removed(arg, generation_rev(g, i), false);
		generation_shift(g, count - 1);
	}
	if (gone) {
		ki->n_older -= gone;
		memmove(ki->older, ki->older + gone, ki->n_older * sizeof(ki->older[0]));
		if (ki->n_older == 0) {
			free(ki->older);
			ki->older = NULL;
		}
	}
	return ki->n_older == 0 && ki->cur.n == 0;
}
