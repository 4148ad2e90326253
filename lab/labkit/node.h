/* SPDX-License-Identifier: Apache-2.0 */
/* One node, in a state made by hand, and its outbox. */
#ifndef LAB_NODE_H
#define LAB_NODE_H

#include "raft/raft_internal.h"

#define LAB_ELECTION_TICK 10 /* the election timeout of every node */

/* lab_node makes node id of the nodes 1..n, a follower in the given term that
 * knows no leader, has not voted, and has a log of len entries of these terms,
 * which are stable and not committed. Election timeout: 10 ticks (the random one
 * as well, in whatever term and role), heartbeat: 1 tick. */
struct raft *lab_node(raft_id id, int n, raft_term term, const raft_term *log, size_t len);

/* lab_be_candidate makes r a candidate of the next term that has its own vote,
 * lab_be_leader the leader of its term to whose log everyone's is equal; both
 * without running any step of the lab, and with nothing in the outbox. */
void lab_be_candidate(struct raft *r);
void lab_be_leader(struct raft *r);

/* LAB_AS_REFERENCE runs a statement with the reference in all blanks, to bring a
 * node to where a test begins:
 *
 *     LAB_AS_REFERENCE(raft_become_candidate(r));
 *
 * It is not recorded. */
#define LAB_AS_REFERENCE(...)                                                                      \
	do {                                                                                       \
		unsigned long long lab_mask_ = lab_mask_swap(0);                                   \
		__VA_ARGS__;                                                                       \
		lab_mask_swap(lab_mask_);                                                          \
	} while (0)
unsigned long long lab_mask_swap(unsigned long long mask);

/* lab_push_letter adds an entry with one letter as its payload. */
void lab_push_letter(struct raft_entries *ents, char letter);

/* --- the outbox -------------------------------------------------------------------- */

/* lab_count is how many messages of a type wait to be sent to node to, or to any
 * other node (0); lab_find is the first of them, or NULL. */
int lab_count(const struct raft *r, enum raft_message_type type, raft_id to);
const struct raft_message *lab_find(const struct raft *r, enum raft_message_type type, raft_id to);

/* LAB_SENT is lab_find that ends the test as failed if there is no such message:
 * "expected: node 1 sends a MsgApp to node 2, seen: no message". Never NULL. */
#define LAB_SENT(r, type, to) lab_sent(__FILE__, __LINE__, (r), (type), (to))
const struct raft_message *lab_sent(
	const char *file, int line, const struct raft *r, enum raft_message_type type, raft_id to);

/* lab_to_itself is the first message of a type that a node has for itself, to be
 * taken in once what it promises is on disk; NULL if there is none. */
const struct raft_message *lab_to_itself(const struct raft *r, enum raft_message_type type);

/* lab_forget_messages empties the outbox. */
void lab_forget_messages(struct raft *r);

/* --- log lines ----------------------------------------------------------------------- */

/* lab_log_has tells whether the node wrote a log line that contains text. */
bool lab_log_has(const struct raft *r, const char *text);

/* lab_watch notes how many messages of a type wait for other nodes at the moment when
 * the node writes the first log line that contains text; lab_watched says how many
 * these were, or -1 if there was no such line. One watch a node. */
void lab_watch(struct raft *r, const char *text, enum raft_message_type type);
int lab_watched(const struct raft *r);

/* --- for the kit itself ---------------------------------------------------------------- */

/* lab_storage makes a storage whose members are the nodes 1..n; lab_config a
 * configuration with a logger that prints, unless quiet. */
struct raft_memory_storage *lab_storage(int n);
struct raft_config lab_config(raft_id id, struct raft_memory_storage *ms, bool quiet);

/* lab_nth_message is the i-th message in the outbox, those that wait for the disk
 * last; NULL behind the last one. */
const struct raft_message *lab_nth_message(const struct raft *r, size_t i);

#endif
