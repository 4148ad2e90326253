/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of RawNode share: one that lives until the end of the test, and
 * the application's side of Ready in a few lines. Only entries are saved, as in
 * the original's tests; hard states are what the tests look at.
 */
#ifndef RAFTTEST_RAWNODE_TESTING_H
#define RAFTTEST_RAWNODE_TESTING_H

#include "raft/rafttest/raft_testing.h"

/* new_rawnode makes a node from c, which must be valid. */
struct raft_rawnode *new_rawnode(const struct raft_config *c);

/* rawnode_save gets a Ready, and saves its entries in s. */
const struct raft_ready *rawnode_save(struct raft_rawnode *rn, struct raft_memory_storage *s);

/* rawnode_save_and_advance deals with one Ready. */
void rawnode_save_and_advance(struct raft_rawnode *rn, struct raft_memory_storage *s);

/* rawnode_lead has the node, a cluster of one, campaign, and deals with Readys until
 * one says that it leads; its first entry is appended, but not applied. */
void rawnode_lead(struct raft_rawnode *rn, struct raft_memory_storage *s);

/* expect_ready compares a Ready with its description, without the soft state. */
#define expect_ready(want, rd) expect_ready_at(__FILE__, __LINE__, (want), (rd))
void expect_ready_at(const char *file, int line, const char *want, const struct raft_ready *rd);

/* expect_conf_state compares a configuration with "{[voters] [learners]
 * [voters_outgoing] [learners_next] auto_leave}". */
#define expect_conf_state(want, cs) expect_conf_state_at(__FILE__, __LINE__, (want), (cs))
void expect_conf_state_at(
	const char *file, int line, const char *want, const struct raft_conf_state *cs);

/* capture_step, as r->step, keeps messages for the test to look at (captured),
 * all but the leader's MsgAppResp to itself, which Advance steps. */
enum raft_error capture_step(struct raft *r, struct raft_message *m);
extern struct raft_messages captured;

/* An ignore_size_hint_mem_storage gives all entries that were asked for, whatever
 * the limit. */
struct ignore_size_hint_mem_storage {
	struct raft_memory_storage *ms;
	struct raft_storage_ops ops;
};
void ignore_size_hint(struct ignore_size_hint_mem_storage *s, struct raft_memory_storage *ms);

#endif
