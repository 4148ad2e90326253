/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries and the buffers their payloads live in.
 */
#include "raft/raft_internal.h"
#include "raft/raftpb/pb_wire.h"

#include <stdlib.h>
#include <string.h>

/* ---- Payload buffers ---------------------------------------------------- */

struct raft_buf *raft_buf_new(size_t len)
{
	if (len > UINT32_MAX)
		raft_panicf(NULL, "a payload of %zu bytes is too large", len);
	struct raft_buf *buf = raft_malloc(sizeof(*buf) + len);
	buf->refs = 1;
	buf->len = (uint32_t)len;
	return buf;
}

void raft_buf_free(struct raft_buf *buf)
{
	free(buf);
}

/* ---- Arrays of entries -------------------------------------------------- */

void raft_entries_append(struct raft_entries *ents, const struct raft_entry *v, size_t n)
{
	if (n == 0)
		return;
	ents->v = raft_grow(ents->v, &ents->cap, ents->len + n, sizeof(*ents->v));
	struct raft_entry *to = ents->v + ents->len;
	for (size_t i = 0; i < n; i++) {
		to[i] = v[i];
		raft_buf_ref(to[i].buf);
	}
	ents->len += (uint32_t)n;
}

void raft_entries_push(struct raft_entries *ents, const struct raft_entry *e)
{
	raft_entries_append(ents, e, 1);
}

void raft_entries_truncate(struct raft_entries *ents, size_t len)
{
	while (ents->len > len)
		raft_buf_unref(ents->v[--ents->len].buf);
}

void raft_entries_drop_front(struct raft_entries *ents, size_t n)
{
	for (size_t i = 0; i < n; i++)
		raft_buf_unref(ents->v[i].buf);
	ents->len -= (uint32_t)n;
	if (ents->len > 0)
		memmove(ents->v, ents->v + n, ents->len * sizeof(*ents->v));
}

void raft_entries_clear(struct raft_entries *ents)
{
	raft_entries_truncate(ents, 0);
}

void raft_entries_free(struct raft_entries *ents)
{
	raft_entries_clear(ents);
	free(ents->v);
	*ents = (struct raft_entries){0};
}

/* ---- Sizes -------------------------------------------------------------- */

/* What an entry's encoding takes beside its payload, at most: two fields of 64
 * bits, one of two bytes, and the payload's tag and length. */
#define ENTRY_OVERHEAD_MAX (2 + 2 * 11 + 6)

static inline uint64_t entry_size(const struct raft_entry *e)
{
	/* Three fields that are always written, of which the type takes two bytes,
	 * and the payload unless it is nil. */
	uint64_t size = 2 + pb_uint_size(e->term) + pb_uint_size(e->index);
	if (e->data)
		size += pb_bytes_size(e->len);
	return size;
}

uint64_t raft_entry_size(const struct raft_entry *e)
{
	return entry_size(e);
}

uint64_t raft_ents_size(const struct raft_entry *v, size_t n)
{
	uint64_t size = 0;
	for (size_t i = 0; i < n; i++)
		size += entry_size(&v[i]);
	return size;
}

uint64_t raft_payloads_size(const struct raft_entry *v, size_t n)
{
	uint64_t size = 0;
	for (size_t i = 0; i < n; i++)
		size += v[i].len;
	return size;
}

size_t raft_limit_size(const struct raft_entry *v, size_t n, uint64_t max_size)
{
	if (n <= 1 || max_size == RAFT_NO_LIMIT)
		return n;
	/* Nearly always the limit is far away, and no exact sizes are needed. */
	if (raft_payloads_size(v, n) + n * ENTRY_OVERHEAD_MAX <= max_size)
		return n;
	uint64_t size = entry_size(&v[0]);
	for (size_t limit = 1; limit < n; limit++) {
		size += entry_size(&v[limit]);
		if (size > max_size)
			return limit;
	}
	return n;
}

const char *raft_entry_type_name(enum raft_entry_type type)
{
	switch (type) {
	case RAFT_ENTRY_NORMAL:
		return "EntryNormal";
	case RAFT_ENTRY_CONF_CHANGE:
		return "EntryConfChange";
	case RAFT_ENTRY_CONF_CHANGE_V2:
		return "EntryConfChangeV2";
	}
	return "unknown entry type";
}
