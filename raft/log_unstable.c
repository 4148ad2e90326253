/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The unstable log: what has not reached Storage yet. The original:
 * log_unstable.go.
 */
#include "raft/raft_internal.h"

void unstable_accept_in_progress(struct unstable *u)
{
	if (u->entries.len > 0)
		u->offset_in_progress = u->offset + u->entries.len;
	if (u->snapshot)
		u->snapshot_in_progress = true;
}

void unstable_stable_to(struct unstable *u, struct entry_id id)
{
	raft_term term;

	if (!unstable_maybe_term(u, id.index, &term)) {
		RAFT_INFOF(u->logger, "entry at index %llu missing from unstable log; ignoring",
			id.index);
		return;
	}
	if (id.index < u->offset) {
		RAFT_INFOF(u->logger, "entry at index %llu matched unstable snapshot; ignoring",
			id.index);
		return;
	}
	if (term != id.term) {
		/* Part of the log was replaced while the entries were being written. */
		RAFT_INFOF(u->logger,
			"entry at (index,term)=(%llu,%llu) mismatched with entry at (%llu,%llu) in "
			"unstable log; ignoring",
			id.index, id.term, id.index, term);
		return;
	}
	raft_entries_drop_front(&u->entries, id.index + 1 - u->offset);
	u->offset = id.index + 1;
	u->offset_in_progress = RAFT_MAX(u->offset_in_progress, u->offset);
}

void unstable_stable_snap_to(struct unstable *u, raft_index i)
{
	if (!u->snapshot || u->snapshot->metadata.index != i)
		return;
	raft_snapshot_unref(u->snapshot);
	u->snapshot = NULL;
	u->snapshot_in_progress = false;
}

void unstable_restore(struct unstable *u, struct raft_snapshot *snap)
{
	raft_snapshot_ref(snap); /* first: it may be the one that we hold */
	raft_snapshot_unref(u->snapshot);
	u->snapshot = snap;
	u->snapshot_in_progress = false;
	raft_entries_clear(&u->entries);
	u->offset = snap->metadata.index + 1;
	u->offset_in_progress = u->offset;
}

void unstable_truncate_and_append(struct unstable *u, const struct raft_entry *ents, size_t n)
{
	raft_index from = ents[0].index;

	if (from == u->offset + u->entries.len) {
		/* The usual case: they follow on. */
	} else if (from <= u->offset) {
		/* They begin before all that we have, so they replace it. */
		RAFT_INFOF(u->logger, "replace the unstable entries from index %llu", from);
		raft_entries_clear(&u->entries);
		u->offset = from;
		u->offset_in_progress = from;
	} else {
		/* They replace the tail. What is being written and goes on being true
		 * is still in progress; the rest is not. */
		RAFT_INFOF(u->logger, "truncate the unstable entries before index %llu", from);
		unstable_slice(u, u->offset, from); /* checks the range */
		raft_entries_truncate(&u->entries, from - u->offset);
		u->offset_in_progress = RAFT_MIN(u->offset_in_progress, from);
	}
	raft_entries_append(&u->entries, ents, n);
}

const struct raft_entry *unstable_slice(const struct unstable *u, raft_index lo, raft_index hi)
{
	raft_index upper = u->offset + u->entries.len;

	if (lo > hi)
		raft_panicf(u->logger, "invalid unstable.slice %llu > %llu", lo, hi);
	if (lo < u->offset || hi > upper)
		raft_panicf(u->logger, "unstable.slice[%llu,%llu) out of bound [%llu,%llu]", lo, hi,
			u->offset, upper);
	return u->entries.v + (lo - u->offset);
}

void unstable_free(struct unstable *u)
{
	raft_snapshot_unref(u->snapshot);
	u->snapshot = NULL;
	raft_entries_free(&u->entries);
}
