/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MemoryStorage: a Storage that is an array. The original: storage.go.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

static struct raft_memory_storage *memory_storage(struct raft_storage *s)
{
	return (struct raft_memory_storage *)s; /* base is its first member */
}

/* The entry before the first one: ents.v[0] stands for it. */
static raft_index ms_offset(const struct raft_memory_storage *ms)
{
	return ms->ents.v[0].index;
}

static raft_index ms_last_index(const struct raft_memory_storage *ms)
{
	return ms_offset(ms) + ms->ents.len - 1;
}

/* ---- What raft asks ----------------------------------------------------- */

static enum raft_error memory_storage_initial_state(
	struct raft_storage *s, struct raft_hard_state *hs, struct raft_conf_state *cs)
{
	struct raft_memory_storage *ms = memory_storage(s);
	ms->call_stats.initial_state++;
	*hs = ms->hard_state;
	*cs = ms->snapshot->metadata.conf_state;
	return RAFT_OK;
}

static enum raft_error memory_storage_entries(struct raft_storage *s, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents)
{
	struct raft_memory_storage *ms = memory_storage(s);
	ms->call_stats.entries++;
	raft_index offset = ms_offset(ms);
	if (lo <= offset)
		return RAFT_ERR_COMPACTED;
	if (hi > ms_last_index(ms) + 1)
		raft_panicf(NULL, "entries' hi(%llu) is out of bound lastindex(%llu)", hi,
			ms_last_index(ms));
	if (ms->ents.len == 1) /* only the dummy */
		return RAFT_ERR_UNAVAILABLE;

	const struct raft_entry *v = ms->ents.v + (lo - offset);
	raft_entries_append(ents, v, raft_limit_size(v, hi - lo, max_size));
	return RAFT_OK;
}

static enum raft_error memory_storage_term(struct raft_storage *s, raft_index i, raft_term *term)
{
	struct raft_memory_storage *ms = memory_storage(s);
	ms->call_stats.term++;
	if (i < ms_offset(ms))
		return RAFT_ERR_COMPACTED;
	if (i - ms_offset(ms) >= ms->ents.len)
		return RAFT_ERR_UNAVAILABLE;
	*term = ms->ents.v[i - ms_offset(ms)].term;
	return RAFT_OK;
}

static enum raft_error memory_storage_last_index(struct raft_storage *s, raft_index *index)
{
	struct raft_memory_storage *ms = memory_storage(s);
	ms->call_stats.last_index++;
	*index = ms_last_index(ms);
	return RAFT_OK;
}

static enum raft_error memory_storage_first_index(struct raft_storage *s, raft_index *index)
{
	struct raft_memory_storage *ms = memory_storage(s);
	ms->call_stats.first_index++;
	*index = ms_offset(ms) + 1;
	return RAFT_OK;
}

static enum raft_error memory_storage_snapshot(struct raft_storage *s, struct raft_snapshot **snap)
{
	struct raft_memory_storage *ms = memory_storage(s);
	ms->call_stats.snapshot++;
	*snap = raft_snapshot_ref(ms->snapshot);
	return RAFT_OK;
}

static const struct raft_storage_ops memory_storage_ops = {
	.initial_state = memory_storage_initial_state,
	.entries = memory_storage_entries,
	.term = memory_storage_term,
	.last_index = memory_storage_last_index,
	.first_index = memory_storage_first_index,
	.snapshot = memory_storage_snapshot,
};

/* ---- What the application tells ----------------------------------------- */

struct raft_memory_storage *raft_memory_storage_new(void)
{
	struct raft_memory_storage *ms = raft_calloc(1, sizeof(*ms));
	ms->base.ops = &memory_storage_ops;
	ms->snapshot = raft_snapshot_new(&(struct raft_snapshot_metadata){0}, NULL);
	raft_entries_push(&ms->ents, &(struct raft_entry){0});
	return ms;
}

void raft_memory_storage_free(struct raft_memory_storage *ms)
{
	if (!ms)
		return;
	raft_snapshot_unref(ms->snapshot);
	raft_entries_free(&ms->ents);
	free(ms);
}

struct raft_storage *raft_memory_storage_base(struct raft_memory_storage *ms)
{
	return &ms->base;
}

void raft_memory_storage_set_hard_state(struct raft_memory_storage *ms, struct raft_hard_state st)
{
	ms->hard_state = st;
}

enum raft_error raft_memory_storage_append(
	struct raft_memory_storage *ms, const struct raft_entry *ents, size_t len)
{
	if (len == 0)
		return RAFT_OK;
	raft_index first = ms_offset(ms) + 1;
	raft_index last = ents[0].index + len - 1;
	if (last < first) /* all of them are compacted already */
		return RAFT_OK;
	if (ents[0].index < first) {
		size_t compacted = first - ents[0].index;
		ents += compacted;
		len -= compacted;
	}

	size_t at = ents[0].index - ms_offset(ms);
	if (at > ms->ents.len)
		raft_panicf(NULL, "missing log entry [last: %llu, append at: %llu]",
			ms_last_index(ms), ents[0].index);
	raft_entries_truncate(&ms->ents, at);
	raft_entries_append(&ms->ents, ents, len);
	return RAFT_OK;
}

enum raft_error raft_memory_storage_compact(
	struct raft_memory_storage *ms, raft_index compact_index)
{
	if (compact_index <= ms_offset(ms))
		return RAFT_ERR_COMPACTED;
	if (compact_index > ms_last_index(ms))
		raft_panicf(NULL, "compact %llu is out of bound lastindex(%llu)", compact_index,
			ms_last_index(ms));

	/* The entry at compact_index becomes the dummy: of it, only its place is
	 * remembered. */
	raft_entries_drop_front(&ms->ents, compact_index - ms_offset(ms));
	struct raft_entry *dummy = &ms->ents.v[0];
	raft_buf_unref(dummy->buf);
	*dummy = (struct raft_entry){.term = dummy->term, .index = dummy->index};
	return RAFT_OK;
}

enum raft_error raft_memory_storage_create_snapshot(struct raft_memory_storage *ms, raft_index i,
	const struct raft_conf_state *cs, struct raft_buf *data, struct raft_snapshot **snap)
{
	if (i <= ms->snapshot->metadata.index) {
		raft_buf_unref(data);
		return RAFT_ERR_SNAP_OUT_OF_DATE;
	}
	if (i > ms_last_index(ms))
		raft_panicf(NULL, "snapshot %llu is out of bound lastindex(%llu)", i,
			ms_last_index(ms));

	struct raft_snapshot_metadata metadata = {
		.index = i,
		.term = ms->ents.v[i - ms_offset(ms)].term,
		.conf_state = cs ? *cs : ms->snapshot->metadata.conf_state,
	};
	raft_snapshot_unref(ms->snapshot);
	ms->snapshot = raft_snapshot_new(&metadata, data);
	if (snap)
		*snap = raft_snapshot_ref(ms->snapshot);
	return RAFT_OK;
}

enum raft_error raft_memory_storage_apply_snapshot(
	struct raft_memory_storage *ms, struct raft_snapshot *snap)
{
	if (ms->snapshot->metadata.index >= snap->metadata.index)
		return RAFT_ERR_SNAP_OUT_OF_DATE;

	raft_snapshot_ref(snap);
	raft_snapshot_unref(ms->snapshot);
	ms->snapshot = snap;
	raft_entries_clear(&ms->ents);
	raft_entries_push(&ms->ents, &(struct raft_entry){
					     .term = snap->metadata.term,
					     .index = snap->metadata.index,
				     });
	return RAFT_OK;
}
