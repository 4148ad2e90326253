/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of logs and storages share, beside raft_testing.h: logs made in
 * one line, ranges of entries, and the comparison of entries and of messages.
 */
#ifndef RAFTTEST_LOG_TESTING_H
#define RAFTTEST_LOG_TESTING_H

#include "raft/rafttest/raft_testing.h"

/* no_ents is an empty array. */
extern const struct raft_entries no_ents;

/* index_term_range makes entries from index first on, with the terms [from, to):
 * one entry for each. (index(first).termRange(from, to) of the original.) */
struct raft_entries *index_term_range(raft_index first, raft_term from, raft_term to);

/* index_range makes the entries [from, to) whose terms are their indexes. */
struct raft_entries *index_range(raft_index from, raft_index to);

/* ents_slice is the entries [lo, hi) of an array, by place; a view, good as long
 * as ents. */
struct raft_entries ents_slice(const struct raft_entries *ents, uint32_t lo, uint32_t hi);

/* new_log makes a log on storage, without limit of what is being applied. */
struct raft_log *new_log(struct raft_memory_storage *storage);
struct raft_log *new_log_with_size(struct raft_memory_storage *storage, uint64_t max_applying);

/* storage_from_snapshot is a storage that begins after the entry (index, term). */
struct raft_memory_storage *storage_from_snapshot(raft_index index, raft_term term);

/* new_ents is an empty array to be filled; it lasts until the end of the test. */
struct raft_entries *new_ents(void);

/* EXPECT_ENTS_EQ compares two arrays of entries: struct raft_entries pointers. */
#define EXPECT_ENTS_EQ(want, got) expect_ents_eq(__FILE__, __LINE__, #got, (want), (got))
void expect_ents_eq(const char *file, int line, const char *what, const struct raft_entries *want,
	const struct raft_entries *got);

/* EXPECT_MSGS compares messages with what raft_describe_message() says of them, a
 * line each: EXPECT_MSGS("1->2 MsgHeartbeat Term:1 Log:0/0\n", msgs). None of
 * them has a context. */
#define EXPECT_MSGS(want, msgs) expect_msgs(__FILE__, __LINE__, #msgs, (want), (msgs))
void expect_msgs(const char *file, int line, const char *what, const char *want,
	const struct raft_messages *msgs);

#endif
