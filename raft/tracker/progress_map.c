/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of a configuration, sorted by id. A membership change works on a
 * copy, so that nothing has happened if it is refused; what the copy and its
 * original share are the rings of the inflights, told apart by their address.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

/* place gives the place of the first member that is not below id. */
static uint32_t place(const struct progress_map *m, raft_id id)
{
	uint32_t lo = 0, hi = m->len;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (m->v[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct progress *progress_map_search(const struct progress_map *m, raft_id id)
{
	uint32_t i = place(m, id);
	return i < m->len && m->v[i].id == id ? &m->v[i] : NULL;
}

void progress_map_put(struct progress_map *m, const struct progress *pr)
{
	uint32_t i = place(m, pr->id);
	if (i == m->len || m->v[i].id != pr->id) {
		m->v = raft_grow(m->v, &m->cap, m->len + 1, sizeof(*m->v));
		memmove(&m->v[i + 1], &m->v[i], (m->len - i) * sizeof(*m->v));
		m->len++;
	}
	m->v[i] = *pr;
}

void progress_map_del(struct progress_map *m, raft_id id)
{
	uint32_t i = place(m, id);
	if (i == m->len || m->v[i].id != id)
		return;
	m->len--;
	memmove(&m->v[i], &m->v[i + 1], (m->len - i) * sizeof(*m->v));
}

struct progress_map progress_map_copy(const struct progress_map *m)
{
	struct progress_map out = {0};
	if (m->len > 0) {
		out.v = raft_grow(NULL, &out.cap, m->len, sizeof(*out.v));
		memcpy(out.v, m->v, m->len * sizeof(*out.v));
		out.len = m->len;
	}
	return out;
}

/* A member that was removed and added again has the same id and another ring,
 * so what is shared is the ring, not the id. */
static void free_unshared_rings(struct progress_map *m, const struct progress_map *other)
{
	for (uint32_t i = 0; i < m->len; i++) {
		const struct progress *pr = progress_map_get(other, m->v[i].id);
		if (!pr || pr->inflights.buffer != m->v[i].inflights.buffer)
			inflights_free(&m->v[i].inflights);
	}
}

void progress_map_replace(struct progress_map *m, struct progress_map *with)
{
	free_unshared_rings(m, with);
	free(m->v);
	*m = *with;
	*with = (struct progress_map){0};
}

void progress_map_discard(struct progress_map *copy, const struct progress_map *original)
{
	free_unshared_rings(copy, original);
	free(copy->v);
	*copy = (struct progress_map){0};
}

void progress_map_free(struct progress_map *m)
{
	static const struct progress_map nobody;
	progress_map_discard(m, &nobody);
}

void progress_map_string(const struct progress_map *m, struct strbuf *b)
{
	for (uint32_t i = 0; i < m->len; i++) {
		strbuf_printf(b, "%llu: ", m->v[i].id);
		progress_string(&m->v[i], b);
		strbuf_putc(b, '\n');
	}
}
