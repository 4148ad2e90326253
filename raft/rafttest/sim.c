/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulated cluster: nodes, wires and disks.
 */
#include "raft/rafttest/sim.h"
#include "raft/raftpb/raftpb.h"

#include <stdlib.h>
#include <string.h>

unsigned sim_rand(struct sim *sim, unsigned n)
{
	uint64_t x = sim->rand_state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	sim->rand_state = x;
	return (unsigned)((x >> 16) % n);
}

/* ---- Wires ------------------------------------------------------------------ */

static void send(struct sim *sim, const struct raft_message *m)
{
	struct sim_packet p = {.to = m->to, .due = sim->now + 1 + sim_rand(sim, sim->max_delay)};

	if (sim_rand(sim, 100) < sim->drop_percent || sim->side[m->from] != sim->side[m->to])
		return;
	p.bytes = raft_buf_new(raftpb_message_size(m));
	EXPECT_EQ(p.bytes->len, raftpb_message_encode(m, p.bytes->data));
	sim->packets = raft_grow(
		sim->packets, &sim->packets_cap, sim->packets_len + 1, sizeof(*sim->packets));
	sim->packets[sim->packets_len++] = p;
}

static void receive(struct sim_node *n, struct raft_buf *bytes)
{
	struct raft_message m;

	EXPECT_EQ(RAFT_OK, raftpb_message_decode(bytes, 0, bytes->len, &m));
	raft_rawnode_step(n->rn, &m); /* may be refused: it may be a dropped proposal */
}

static void deliver_packets(struct sim *sim)
{
	uint32_t kept = 0, len = sim->packets_len;

	for (uint32_t i = 0; i < len; i++) {
		struct sim_packet p = sim->packets[i];
		struct sim_node *n = &sim->node[p.to];

		if (p.due > sim->now || (n->rn && n->paused)) {
			sim->packets[kept++] = p;
			continue;
		}
		if (n->rn)
			receive(n, p.bytes);
		raft_buf_unref(p.bytes);
	}
	sim->packets_len = kept;
}

/* ---- Applying ----------------------------------------------------------------- */

static void apply(struct sim *sim, struct sim_node *n, const struct raft_entry *ents, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct raft_entry *e = &ents[i], *first;

		EXPECT_EQ(n->applied + 1, e->index);
		n->applied = e->index;
		if (e->index > sim->applied.len) {
			EXPECT_EQ(sim->applied.len + 1, e->index);
			raft_entries_push(&sim->applied, e);
			sim->proposals += e->len > 0;
			continue;
		}
		first = &sim->applied.v[e->index - 1];
		EXPECT_EQ(first->term, e->term);
		EXPECT_EQ(first->len, e->len);
		EXPECT_MEM_EQ(first->data, e->data, e->len);
	}
}

/* ---- Disks ----------------------------------------------------------------------- */

static void save(struct sim_node *n, struct raft_hard_state hs, const struct raft_entry *ents,
	size_t len)
{
	EXPECT_EQ(RAFT_OK, raft_memory_storage_append(n->disk, ents, len));
	if (!raft_hard_state_empty(hs))
		raft_memory_storage_set_hard_state(n->disk, hs);
}

/* do_work does what a storage message says, and delivers its responses. */
static void do_work(struct sim *sim, struct sim_node *n, struct raft_message *m)
{
	struct raft_hard_state hs = {.term = m->term, .vote = m->vote, .commit = m->commit};

	if (m->type == MSG_STORAGE_APPEND)
		save(n, hs, m->entries.v, m->entries.len);
	else
		apply(sim, n, m->entries.v, m->entries.len);
	for (uint32_t i = 0; i < m->responses.len; i++) {
		struct raft_message *resp = &m->responses.v[i];

		if (resp->to == n->rn->raft->id)
			EXPECT_EQ(RAFT_OK, raft_rawnode_step(n->rn, resp));
		else
			send(sim, resp);
	}
}

static void queue_work(struct sim *sim, struct sim_node *n, struct raft_message *m)
{
	n->work = raft_grow(n->work, &n->work_cap, n->work_len + 1, sizeof(*n->work));
	n->work[n->work_len++] = (struct sim_work){
		.due = sim->now + sim_rand(sim, 4),
		.m = raft_message_move(m),
	};
}

/* disk_work does what is due, in order: work behind slower work waits for it. */
static void disk_work(struct sim *sim, struct sim_node *n)
{
	uint32_t done = 0;

	while (done < n->work_len && n->work[done].due <= sim->now) {
		do_work(sim, n, &n->work[done].m);
		raft_message_free(&n->work[done].m);
		done++;
	}
	n->work_len -= done;
	if (done)
		memmove(n->work, n->work + done, n->work_len * sizeof(*n->work));
}

/* ---- Nodes ------------------------------------------------------------------------- */

static void handle_ready(struct sim *sim, struct sim_node *n)
{
	const struct raft_ready *rd = raft_rawnode_ready(n->rn);

	if (!sim->config.async_storage_writes) {
		save(n, rd->hard_state, rd->entries, rd->entries_len);
		apply(sim, n, rd->committed_entries, rd->committed_entries_len);
	}
	for (size_t i = 0; i < rd->messages_len; i++) {
		struct raft_message *m = &rd->messages[i];

		if (raft_is_local_msg_target(m->to))
			queue_work(sim, n, m);
		else
			send(sim, m);
	}
	if (!sim->config.async_storage_writes)
		raft_rawnode_advance(n->rn);
}

void sim_tick(struct sim *sim)
{
	sim->now++;
	deliver_packets(sim);
	for (raft_id id = 1; id <= SIM_NODES; id++) {
		struct sim_node *n = &sim->node[id];

		if (!n->rn || n->paused)
			continue;
		raft_rawnode_tick(n->rn);
		disk_work(sim, n);
		while (raft_rawnode_has_ready(n->rn))
			handle_ready(sim, n);
	}
}

void sim_run(struct sim *sim, unsigned n)
{
	while (n-- > 0)
		sim_tick(sim);
}

void sim_crash(struct sim *sim, raft_id id)
{
	struct sim_node *n = &sim->node[id];

	raft_rawnode_free(n->rn);
	n->rn = NULL;
	for (uint32_t i = 0; i < n->work_len; i++)
		raft_message_free(&n->work[i].m);
	n->work_len = 0;
}

void sim_start(struct sim *sim, raft_id id)
{
	struct sim_node *n = &sim->node[id];
	struct raft_config c = sim->config;

	c.id = id;
	c.storage = raft_memory_storage_base(n->disk);
	c.seed = sim_rand(sim, 1 << 20) + 1;
	EXPECT_EQ(RAFT_OK, raft_rawnode_new(&c, &n->rn));
	n->paused = false;
	n->applied = 0; /* it applies everything again */
}

static void sim_free(void *p)
{
	struct sim *sim = p;

	for (raft_id id = 1; id <= SIM_NODES; id++) {
		if (sim->node[id].rn)
			sim_crash(sim, id);
		free(sim->node[id].work);
	}
	for (uint32_t i = 0; i < sim->packets_len; i++)
		raft_buf_unref(sim->packets[i].bytes);
	free(sim->packets);
	raft_entries_free(&sim->applied);
	free(sim);
}

struct sim *sim_new(uint64_t seed, bool async)
{
	struct sim *sim = raft_calloc(1, sizeof(*sim));

	sim->rand_state = seed * 0x9e3779b97f4a7c15 + 1;
	sim->max_delay = 1;
	sim->config = (struct raft_config){
		.election_tick = 10,
		.heartbeat_tick = 1,
		.max_size_per_msg = 1024,
		.max_inflight_msgs = 256,
		.async_storage_writes = async,
		.logger = &raft_testing_logger,
	};
	for (raft_id id = 1; id <= SIM_NODES; id++)
		sim->node[id].disk = new_test_memory_storage(with_peers(1, 2, 3, 4, 5));
	raft_testing_defer(sim_free, sim);
	for (raft_id id = 1; id <= SIM_NODES; id++)
		sim_start(sim, id);
	return sim;
}

/* ---- What tests do ---------------------------------------------------------------------- */

static raft_id agreed_leader(const struct sim *sim)
{
	raft_id lead = RAFT_NONE;

	for (raft_id id = 1; id <= SIM_NODES; id++) {
		const struct raft_rawnode *rn = sim->node[id].rn;

		if (!rn)
			continue;
		if (rn->raft->lead == RAFT_NONE || (lead && rn->raft->lead != lead))
			return RAFT_NONE;
		lead = rn->raft->lead;
	}
	return lead && sim->node[lead].rn && sim->node[lead].rn->raft->state == RAFT_STATE_LEADER
		       ? lead
		       : RAFT_NONE;
}

raft_id sim_wait_leader(struct sim *sim)
{
	for (int i = 0; i < 5000; i++) {
		raft_id lead = agreed_leader(sim);

		if (lead)
			return lead;
		sim_tick(sim);
	}
	FAIL("no leader after 5000 ticks");
}

bool sim_propose(struct sim *sim, raft_id id)
{
	return raft_rawnode_propose(sim->node[id].rn, "somedata", 8) == RAFT_OK;
}

void sim_wait_converge(struct sim *sim, raft_index target)
{
	for (int i = 0; i < 5000; i++) {
		bool converged = sim->applied.len > target;

		for (raft_id id = 1; id <= SIM_NODES; id++)
			converged &= sim->node[id].applied == sim->applied.len;
		if (converged)
			return;
		sim_tick(sim);
	}
	FAIL("no agreement after 5000 ticks");
}
