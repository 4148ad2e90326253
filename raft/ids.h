/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of node ids: struct raft_ids, kept sorted. Small enough to be values,
 * so that cloning a configuration is an assignment.
 */
#ifndef RAFT_IDS_H
#define RAFT_IDS_H

#include "raft/raft.h"
#include "raft/strbuf.h"

/* raft_ids_has tells whether id is in the set. */
bool raft_ids_has(const struct raft_ids *s, raft_id id);

/* raft_ids_add puts id in, if it is not. Returns: false if the set is full. */
bool raft_ids_add(struct raft_ids *s, raft_id id);

/* raft_ids_del takes id out, if it is in. */
void raft_ids_del(struct raft_ids *s, raft_id id);

/* raft_ids_union is the set of all that are in a or b, as a new array of
 * at most 2 * RAFT_MAX_MEMBERS ids at out. Returns: how many. */
size_t raft_ids_union(const struct raft_ids *a, const struct raft_ids *b, raft_id *out);

/* raft_ids_describe writes "[1 2 3]". */
void raft_ids_describe(const struct raft_ids *s, struct strbuf *b);

#endif
