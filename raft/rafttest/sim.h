/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simulated cluster of RawNodes that lives in ticks: messages travel encoded,
 * take some ticks, get lost and overtake each other; disks take their time; nodes
 * crash, losing what was not written, and come back. All chance comes from one
 * seed. The original: rafttest/node.go and network.go.
 *
 * Whatever is applied, at any node and in any of its lives, is compared: the same
 * index holds the same entry everywhere (state machine safety, paper figure 3).
 */
#ifndef RAFTTEST_SIM_H
#define RAFTTEST_SIM_H

#include "raft/rafttest/rawnode_testing.h"

#define SIM_NODES 5

/* A message on its way, or work that a disk has not done yet. */
struct sim_packet {
	uint64_t due; /* in ticks */
	raft_id to;
	struct raft_buf *bytes;
};

struct sim_work {
	uint64_t due;
	struct raft_message m;
};

struct sim_node {
	struct raft_rawnode *rn; /* NULL: it is down */
	struct raft_memory_storage *disk;
	bool paused;             /* it neither ticks nor receives; its messages wait */
	raft_index applied;
	struct sim_work *work;   /* async_storage_writes only: in order */
	uint32_t work_len, work_cap;
};

struct sim {
	struct raft_config config; /* of all nodes */
	struct sim_node node[SIM_NODES + 1];
	uint64_t now;
	uint64_t rand_state;

	/* Chance of evil, set by the test: a message is lost with probability
	 * drop_percent, and takes 1 to max_delay ticks. Between nodes of different
	 * sides all are lost. */
	unsigned drop_percent;
	unsigned max_delay;
	unsigned side[SIM_NODES + 1];

	struct sim_packet *packets;
	uint32_t packets_len, packets_cap;

	/* What has been applied at each index by whoever was first. */
	struct raft_entries applied;
	unsigned long long proposals; /* of those applied, how many have a payload */
};

/* sim_new starts the nodes; it lasts until the end of the test. async: with
 * async_storage_writes and slow disks. */
struct sim *sim_new(uint64_t seed, bool async);

/* sim_tick lets a tick pass at all nodes, and all happen that is due. */
void sim_tick(struct sim *sim);
/* sim_run lets n ticks pass. */
void sim_run(struct sim *sim, unsigned n);

/* sim_crash stops a node and loses what its disk has not got. sim_start brings
 * it back. */
void sim_crash(struct sim *sim, raft_id id);
void sim_start(struct sim *sim, raft_id id);

/* sim_wait_leader waits until all nodes that are up agree on who leads. */
raft_id sim_wait_leader(struct sim *sim);
/* sim_propose proposes "somedata" at a node. Returns: whether it took it. */
bool sim_propose(struct sim *sim, raft_id id);
/* sim_wait_converge waits until all nodes are up to the same place, beyond
 * target; it fails if that takes too long. */
void sim_wait_converge(struct sim *sim, raft_index target);

/* sim_rand gives a number below n. */
unsigned sim_rand(struct sim *sim, unsigned n);

#endif
