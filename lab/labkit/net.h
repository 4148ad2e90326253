/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A net: nodes 1..n and the messages between them. Time is logical: it passes only
 * by lab_net_tick(), and between two ticks all messages are delivered, in an order
 * that is always the same.
 *
 * The net sets the random election timeout of a node itself, whenever the node has
 * drawn one, from its id, its term and the net's seed: so a solution that draws once
 * more than the reference does not live another life for that.
 *
 * It also watches over the paper's safety properties (figure 3), whatever the test
 * is about: election safety, leader completeness, state machine safety.
 */
#ifndef LAB_NET_H
#define LAB_NET_H

#include "raft/raft_internal.h"

#include <stdint.h>

#define LAB_NODES 7
#define LAB_NET_TERMS 256   /* more elections than this are too many */
#define LAB_NET_ENTRIES 512 /* that a net may commit */

struct lab_net_options {
	int n; /* 1..LAB_NODES */
	bool pre_vote;
	bool check_quorum;
	uint64_t seed; /* of the election timeouts */
	bool quiet;    /* print nothing */
};

struct lab_net {
	struct lab_net_options o;
	int n;
	int ticks;                              /* that have passed */
	struct raft_rawnode *rn[LAB_NODES + 1]; /* [1] is node 1 */
	struct raft_memory_storage *ms[LAB_NODES + 1];

	/* Tests set these. cut: nothing goes in or out, and no tick passes there;
	 * link_down[a][b]: what a sends to b is lost. */
	bool cut[LAB_NODES + 1];
	bool link_down[LAB_NODES + 1][LAB_NODES + 1];

	/* Tests read these. */
	char applied[LAB_NODES + 1][256]; /* the payloads applied, one after another */
	raft_index applied_index[LAB_NODES + 1];
	int sent[MSG_FORGET_LEADER + 1]; /* messages sent so far, by type */

	/* For the net itself. */
	struct raft_messages wire;
	raft_id leader_of[LAB_NET_TERMS]; /* by term: who was seen as its leader */
	struct {
		raft_term term;
		uint32_t letter;          /* 0x100 is an empty payload */
	} committed[LAB_NET_ENTRIES + 1]; /* by index: what was applied first; term 0: none */
	raft_index last_committed;
};

/* lab_net_make makes a net; lab_net_new one with seed 1 that prints. */
struct lab_net *lab_net_make(struct lab_net_options o);
struct lab_net *lab_net_new(int n, bool pre_vote);
void lab_net_free(struct lab_net *net);

struct raft *lab_net_raft(struct lab_net *net, raft_id id);

/* lab_net_run does what is due at every node and delivers messages until all is
 * quiet. Fails the test if a safety property is violated, or if it never gets quiet. */
void lab_net_run(struct lab_net *net);

/* lab_net_round is one round of that: each node saves, sends and applies what it has,
 * then what was sent is delivered. Returns: whether there was anything to do. */
bool lab_net_round(struct lab_net *net);

/* lab_net_tick lets a tick pass at every node that is not cut off, and runs. */
void lab_net_tick(struct lab_net *net);

/* lab_net_tick_node lets a tick pass at one node, without running. */
void lab_net_tick_node(struct lab_net *net, raft_id id);

/* lab_net_elect lets ticks pass until all nodes that are not cut off follow one
 * leader among them. Fails the test after 200. Returns: the leader. */
raft_id lab_net_elect(struct lab_net *net);

/* lab_net_leader is the leader that all nodes that are not cut off follow now, or
 * nobody. */
raft_id lab_net_leader(struct lab_net *net);

/* lab_net_propose proposes one letter at a node, and runs. */
void lab_net_propose(struct lab_net *net, raft_id at, char letter);
/* lab_net_offer is the same without running. Returns: what raft_step() returned. */
enum raft_error lab_net_offer(struct lab_net *net, raft_id at, char letter);

/* lab_net_campaign makes a node campaign now, and runs. */
void lab_net_campaign(struct lab_net *net, raft_id id);

/* lab_net_transfer asks the node from to hand its leadership over, and runs;
 * lab_net_ask_transfer does not run. */
void lab_net_transfer(struct lab_net *net, raft_id from, raft_id to);
void lab_net_ask_transfer(struct lab_net *net, raft_id from, raft_id to);

/* lab_net_restart lets a node crash and come back with what it had saved. */
void lab_net_restart(struct lab_net *net, raft_id id);

/* lab_net_states says what each node is: for the "seen" of an expectation. */
const char *lab_net_states(struct lab_net *net);

/* lab_net_check fails the test if a safety property is violated. */
void lab_net_check(struct lab_net *net);

/* lab_expect_no_departure fails the test if the behaviour of any node has departed
 * from the reference: role, term, vote, leader, commit index, log or messages. (The
 * election clock alone is no behaviour.) It checks the net's safety first; net may be
 * NULL. */
#define lab_expect_no_departure(net) lab_no_departure(__FILE__, __LINE__, (net))
void lab_no_departure(const char *file, int line, struct lab_net *net);

#endif
