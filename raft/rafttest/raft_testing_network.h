/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A network of rafts in one process, without time: network_send() delivers a
 * message, then all that is sent on account of it, in order, until there is
 * silence. Messages can be dropped by link, by kind, or by a hook.
 *
 *	struct network *nt = new_network(NULL, NULL, NOP_STEPPER);
 *
 *	network_send(nt, msg_hup(1));
 *	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[1]->state);
 */
#ifndef RAFTTEST_RAFT_TESTING_NETWORK_H
#define RAFTTEST_RAFT_TESTING_NETWORK_H

#include "raft/rafttest/raft_testing.h"

#define NETWORK_MAX_PEERS 15
#define NETWORK_MESSAGE_TYPES (MSG_FORGET_LEADER + 1)

struct network {
	/* Peers have the ids 1 to size. A black hole is NULL: it takes all messages
	 * and sends none. */
	size_t size;
	struct raft *peers[NETWORK_MAX_PEERS + 1];
	/* The storages of the peers that the network made; else NULL. */
	struct raft_memory_storage *storage[NETWORK_MAX_PEERS + 1];

	/* The probability that a message from one to another is lost. */
	double dropm[NETWORK_MAX_PEERS + 1][NETWORK_MAX_PEERS + 1];
	bool ignorem[NETWORK_MESSAGE_TYPES];

	/* msg_hook, if not NULL, sees each message and returns false to drop it; it
	 * may move it away. hook_arg is for its use. */
	bool (*msg_hook)(struct network *nt, struct raft_message *m);
	void *hook_arg;

	uint64_t rand_state;
};

/* NOP_STEPPER, as a peer, stands for a black hole. */
#define NOP_STEPPER (&raft_testing_nop_stepper)
extern struct raft raft_testing_nop_stepper;

/* new_network connects peers. NULL stands for a new raft; a raft is given the
 * next id and, as configuration, all peers as voters, save those it knows as
 * learners. */
#define new_network(...) new_network_with_config(NULL, __VA_ARGS__)
/* new_network_with_config: cfg changes the configuration of the rafts it makes. */
#define new_network_with_config(cfg, ...)                                                          \
	new_network_of((cfg), (struct raft *[]){__VA_ARGS__},                                      \
		sizeof((struct raft *[]){__VA_ARGS__}) / sizeof(struct raft *))
struct network *new_network_of(config_func *cfg, struct raft *const *peers, size_t size);

/* network_send delivers m, which it consumes, and all that follows from it. */
void network_send(struct network *nt, struct raft_message m);
/* network_send_all delivers several messages before what follows from them. */
void network_send_all(struct network *nt, struct raft_message *msgs, size_t n);

/* network_filter moves those of msgs that are not dropped to the end of out. */
void network_filter(struct network *nt, struct raft_messages *msgs, struct raft_messages *out);

/* network_drop loses messages from one to another with probability perc (1: all). */
void network_drop(struct network *nt, raft_id from, raft_id to, double perc);
/* network_cut drops everything between two peers. */
void network_cut(struct network *nt, raft_id one, raft_id other);
/* network_isolate drops everything between a peer and the others. */
void network_isolate(struct network *nt, raft_id id);
/* network_ignore drops all messages of that type. */
void network_ignore(struct network *nt, enum raft_message_type type);
/* network_recover ends all drops, cuts, isolation and ignoring; not the hook. */
void network_recover(struct network *nt);

#endif
