/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the lab are made of: single nodes in a state made by hand,
 * so that a test of one step does not need the other steps; a net of nodes in
 * logical time; and words for what was expected and what was seen.
 *
 * A test belongs to the step that its name begins with: TEST(e3_...).
 */
#ifndef LAB_LABKIT_H
#define LAB_LABKIT_H

#include "raft/raft_internal.h"
#include "raft/rafttest/runner.h"

/* LAB_EXPECT ends the test as failed unless cond holds. expected and seen are
 * texts for the student, best made by lab_say(); they are only made on failure. */
#define LAB_EXPECT(cond, expected, seen)                                                           \
	do {                                                                                       \
		if (!(cond))                                                                       \
			FAIL("expected: %s\nseen: %s", (expected), (seen));                        \
	} while (0)

/* LAB_NEEDS ends the test as held up by a step whose work it cannot do without. */
#define LAB_NEEDS(step, cond, expected, seen)                                                      \
	do {                                                                                       \
		if (!(cond))                                                                       \
			FAIL("held up by %s\nexpected: %s\nseen: %s", (step), (expected), (seen)); \
	} while (0)

/* lab_say is printf into a text that stays valid until the test ends. */
const char *lab_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define LAB_ELECTION_TICK 10 /* the election timeout of every node */

/* --- one node ----------------------------------------------------------------- */

/* lab_node makes node id of the nodes 1..n, a follower in the given term that
 * knows no leader, has not voted, and has a log of len entries of these terms,
 * which are stable and not committed. Election timeout: 10 ticks (the random one
 * as well), heartbeat: 1 tick. The test does not free it. */
struct raft *lab_node(raft_id id, int n, raft_term term, const raft_term *log, size_t len);

/* lab_be_candidate makes r a candidate of the next term that has its own vote,
 * lab_be_leader the leader of its term to whose log everyone's is equal; both
 * without the steps of the lab. */
void lab_be_candidate(struct raft *r);
void lab_be_leader(struct raft *r);

/* lab_step gives the message to raft_step(). */
enum raft_error lab_step(struct raft *r, struct raft_message m);

/* lab_push_letter adds an entry with one letter as its payload. */
void lab_push_letter(struct raft_entries *ents, char letter);

/* lab_propose steps a MsgProp of n entries, "a", "b", ... */
enum raft_error lab_propose(struct raft *r, int n);

/* lab_entries_are_numbered tells whether Replication Step1 does its work, for the
 * tests of other steps that would only see its mistakes. */
bool lab_entries_are_numbered(void);

/* lab_log_has tells whether the node wrote a log line that contains text. */
bool lab_log_has(const struct raft *r, const char *text);

/* lab_watch notes how many messages of a type wait for other nodes at the moment when
 * the node writes the first log line that contains text; lab_watched says how many
 * these were, or -1 if there was no such line. One watch a node. */
void lab_watch(struct raft *r, const char *text, enum raft_message_type type);
int lab_watched(const struct raft *r);

/* lab_count is how many messages of a type wait to be sent to node to, or to any
 * other node (0); lab_find is the first of them, or NULL. */
int lab_count(const struct raft *r, enum raft_message_type type, raft_id to);
const struct raft_message *lab_find(const struct raft *r, enum raft_message_type type, raft_id to);
/* lab_forget_messages empties the outbox. */
void lab_forget_messages(struct raft *r);

/* lab_outbox says what waits to be sent to other nodes:
 * "MsgVote 1->2 term 4, MsgVote 1->3 term 4", or "no message". */
const char *lab_outbox(const struct raft *r);
/* lab_message says one message: "MsgVote 1->2 term 4"; "nothing" for NULL. */
const char *lab_message(const struct raft_message *m);
/* lab_entries says what n entries are numbered: "1/1 2/1 3/4" (index/term). */
const char *lab_entries(const struct raft_entry *e, size_t n);
/* lab_whole_log says a node's log: "[1/1 2/1 3/4]" (index/term), or "empty". Entries
 * are shown as they are, with whatever numbers they bear. */
const char *lab_whole_log(const struct raft *r);
/* lab_state_of says what a node is: "node 1 is a candidate in term 4, its vote went to
 * node 1, the leader it knows is nobody". */
const char *lab_state_of(const struct raft *r);
const char *lab_role(enum raft_state state);
const char *lab_who(raft_id id); /* "node 2" or "nobody" */

/* --- a net of nodes -------------------------------------------------------------- */

#define LAB_NODES 7

/* Nodes 1..n and the messages between them. Time passes only by lab_net_tick. */
struct lab_net {
	int n;
	struct raft_rawnode *rn[LAB_NODES + 1]; /* [1] is node 1 */
	struct raft_memory_storage *ms[LAB_NODES + 1];
	bool cut[LAB_NODES + 1];          /* nothing goes in or out */
	char applied[LAB_NODES + 1][256]; /* the payloads applied, one after another */
	raft_id leader_of[64];            /* by term: who was seen as its leader */
	struct raft_messages wire;
	int sent[MSG_FORGET_LEADER + 1]; /* messages sent so far, by type */
};

struct lab_net *lab_net_new(int n, bool pre_vote);

/* lab_net_run does what is due at every node and delivers messages until all is
 * quiet. Fails the test if two nodes lead one term, or if it never gets quiet. */
void lab_net_run(struct lab_net *net);

/* lab_net_tick lets a tick pass at every node that is not cut off, and runs. */
void lab_net_tick(struct lab_net *net);

/* lab_net_elect lets ticks pass until all nodes that are not cut off follow one
 * leader among them. Fails the test after 200. Returns: the leader. */
raft_id lab_net_elect(struct lab_net *net);

/* lab_net_propose proposes one letter at a node, and runs. */
void lab_net_propose(struct lab_net *net, raft_id at, char letter);

struct raft *lab_net_raft(struct lab_net *net, raft_id id);

#endif
