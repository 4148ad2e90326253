/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorted sets of ids. Configurations have three, five, seven members, so a
 * straight walk over a few words beats anything cleverer.
 */
#include "raft/ids.h"

#include <string.h>

/* ids_place gives the place of the first id that is not below id: where it is,
 * or where it belongs. */
static uint32_t ids_place(const struct raft_ids *s, raft_id id)
{
	uint32_t i = 0;
	while (i < s->len && s->id[i] < id)
		i++;
	return i;
}

/* Does not rely on the order: the sets in a snapshot that came over the network
 * stand as their sender wrote them. */
bool raft_ids_has(const struct raft_ids *s, raft_id id)
{
	for (uint32_t i = 0; i < s->len; i++)
		if (s->id[i] == id)
			return true;
	return false;
}

bool raft_ids_add(struct raft_ids *s, raft_id id)
{
	uint32_t i = ids_place(s, id);
	if (i < s->len && s->id[i] == id)
		return true;
	if (s->len == RAFT_MAX_MEMBERS)
		return false;
	memmove(&s->id[i + 1], &s->id[i], (s->len - i) * sizeof(s->id[0]));
	s->id[i] = id;
	s->len++;
	return true;
}

void raft_ids_del(struct raft_ids *s, raft_id id)
{
	uint32_t i = ids_place(s, id);
	if (i == s->len || s->id[i] != id)
		return;
	s->len--;
	memmove(&s->id[i], &s->id[i + 1], (s->len - i) * sizeof(s->id[0]));
}

size_t raft_ids_union(const struct raft_ids *a, const struct raft_ids *b, raft_id *out)
{
	size_t n = 0;
	uint32_t i = 0, j = 0;
	while (i < a->len && j < b->len) {
		if (a->id[i] == b->id[j])
			j++;
		else if (a->id[i] > b->id[j])
			out[n++] = b->id[j++];
		else
			out[n++] = a->id[i++];
	}
	while (i < a->len)
		out[n++] = a->id[i++];
	while (j < b->len)
		out[n++] = b->id[j++];
	return n;
}

void raft_ids_describe(const struct raft_ids *s, struct strbuf *b)
{
	strbuf_putc(b, '[');
	for (uint32_t i = 0; i < s->len; i++)
		strbuf_printf(b, i ? " %llu" : "%llu", s->id[i]);
	strbuf_putc(b, ']');
}
