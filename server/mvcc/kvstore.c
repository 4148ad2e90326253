/* SPDX-License-Identifier: Apache-2.0 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "server/mvcc/kvstore_internal.h"

static uint64_t meta_uint64(struct kvstore *s, const char *name)
{
	uint64_t be = 0;
	size_t len;
	void *v;

	if (backend_get(s->b, BACKEND_META, name, strlen(name), &v, &len)) {
		if (len == sizeof(be))
			memcpy(&be, v, sizeof(be));
		free(v);
	}
	return be64toh(be);
}

static void put_meta_uint64(struct kvstore *s, const char *name, uint64_t v)
{
	v = htobe64(v);
	backend_put(s->b, BACKEND_META, name, strlen(name), &v, sizeof(v));
}

int64_t kvstore_meta_rev(struct kvstore *s, const char *name)
{
	struct revision rev = {0};
	bool tombstone;
	size_t len;
	void *v;

	if (backend_get(s->b, BACKEND_META, name, strlen(name), &v, &len)) {
		if (!revision_decode(v, len, &rev, &tombstone))
			rev.main = 0;
		free(v);
	}
	return rev.main;
}

void kvstore_put_meta_rev(struct kvstore *s, const char *name, int64_t main)
{
	unsigned char bytes[REVISION_MARKED_BYTES];
	size_t len = revision_encode((struct revision){.main = main}, false, bytes);

	backend_put(s->b, BACKEND_META, name, strlen(name), bytes, len);
}

/* Puts the applied index into the batch whose effects it covers. */
static void put_consistent_index(void *arg)
{
	struct kvstore *s = arg;

	if (!s->index_changed)
		return;
	put_meta_uint64(s, KVSTORE_CONSISTENT_INDEX, s->consistent_index);
	put_meta_uint64(s, KVSTORE_TERM, s->consistent_term);
	s->index_changed = false;
}

bool kvstore_open(struct backend *b, struct kvstore **out, char **error)
{
	struct kvstore *s = xcalloc(1, sizeof(*s));

	*out = NULL;
	s->b = b;
	s->rev = 1;
	s->compact_rev = -1;
	s->consistent_index = meta_uint64(s, KVSTORE_CONSISTENT_INDEX);
	s->consistent_term = meta_uint64(s, KVSTORE_TERM);
	if (!kvstore_restore(s, error)) {
		index_free(&s->index);
		free(s);
		return false;
	}
	backend_on_commit(b, put_consistent_index, s);
	*out = s;
	return true;
}

void kvstore_close(struct kvstore *s)
{
	put_consistent_index(s);
	backend_commit(s->b);
	backend_on_commit(s->b, NULL, NULL);
	index_free(&s->index);
	xbuf_free(&s->compact_next);
	free(s);
}

int64_t kvstore_rev(const struct kvstore *s)
{
	return s->rev;
}

int64_t kvstore_compact_rev(const struct kvstore *s)
{
	return s->compact_rev;
}

size_t kvstore_keys(const struct kvstore *s)
{
	return s->index.n;
}

void kvstore_set_consistent_index(struct kvstore *s, uint64_t index, uint64_t term)
{
	s->consistent_index = index;
	s->consistent_term = term;
	s->index_changed = true;
}

uint64_t kvstore_consistent_index(const struct kvstore *s, uint64_t *term)
{
	if (term)
		*term = s->consistent_term;
	return s->consistent_index;
}

int kvstore_due_ms(const struct kvstore *s, uint64_t now_ns)
{
	return s->compacting ? 0 : backend_commit_due(s->b, now_ns);
}

void kvstore_tick(struct kvstore *s, uint64_t now_ns)
{
	if (s->compacting)
		kvstore_compact_slice(s);
	if (backend_commit_due(s->b, now_ns) == 0)
		backend_commit(s->b);
}

bool kvstore_sync(struct kvstore *s)
{
	put_consistent_index(s);
	return backend_sync(s->b);
}
