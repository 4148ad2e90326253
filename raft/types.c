/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slices of a leader's log, as a MsgApp brings them. The original: types.go.
 */
#include "raft/raft_internal.h"

raft_index log_slice_last_index(const struct log_slice *s)
{
	return s->prev.index + s->len;
}

struct entry_id log_slice_last_entry_id(const struct log_slice *s)
{
	return s->len ? raft_entry_id(&s->entries[s->len - 1]) : s->prev;
}

bool log_slice_valid(const struct log_slice *s)
{
	struct entry_id prev = s->prev;
	for (size_t i = 0; i < s->len; i++) {
		struct entry_id id = raft_entry_id(&s->entries[i]);
		if (id.term < prev.term || id.index != prev.index + 1)
			return false;
		prev = id;
	}
	return s->term >= prev.term;
}
