/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clusters in which things go wrong. The original: rafttest/node_test.go. (That
 * what is applied is the same everywhere, the simulation checks by itself.)
 */
#include "raft/rafttest/sim.h"

static void propose_many(struct sim *sim, raft_id id, int n)
{
	for (int i = 0; i < n; i++)
		EXPECT(sim_propose(sim, id));
	sim_run(sim, 3);
}

/* after gives the node that is n places behind id, in a ring. */
static raft_id after(raft_id id, unsigned n)
{
	return (id - 1 + n) % SIM_NODES + 1;
}

TEST(basic_progress)
{
	struct sim *sim = sim_new(1, false);

	sim_wait_leader(sim);
	propose_many(sim, 1, 100);
	sim_wait_converge(sim, 100);
	EXPECT_EQ(100, sim->proposals);
}

TEST(restart)
{
	struct sim *sim = sim_new(2, false);
	raft_id lead = sim_wait_leader(sim);

	propose_many(sim, lead, 30);
	sim_crash(sim, after(lead, 1));
	propose_many(sim, after(lead, 3), 30);
	sim_crash(sim, after(lead, 2));
	propose_many(sim, after(lead, 4), 30);
	sim_start(sim, after(lead, 2));
	propose_many(sim, lead, 30);
	sim_start(sim, after(lead, 1));
	sim_wait_converge(sim, 120);
	EXPECT_EQ(120, sim->proposals);
}

TEST(pause)
{
	struct sim *sim = sim_new(3, false);
	raft_id lead = sim_wait_leader(sim);

	propose_many(sim, lead, 30);
	sim->node[after(lead, 1)].paused = true;
	propose_many(sim, lead, 30);
	sim->node[after(lead, 2)].paused = true;
	propose_many(sim, lead, 30);
	sim->node[after(lead, 2)].paused = false;
	propose_many(sim, lead, 30);
	sim->node[after(lead, 1)].paused = false;
	sim_wait_converge(sim, 120);
	EXPECT_EQ(120, sim->proposals);
}

/* make_trouble does one of the things that can happen to a cluster. At most two
 * nodes are down at a time. */
static void make_trouble(struct sim *sim)
{
	raft_id id = 1 + sim_rand(sim, SIM_NODES);
	unsigned down = 0;

	for (raft_id i = 1; i <= SIM_NODES; i++)
		down += !sim->node[i].rn;
	switch (sim_rand(sim, 4)) {
	case 0:
		if (sim->node[id].rn && down < 2)
			sim_crash(sim, id);
		break;
	case 1:
		if (!sim->node[id].rn)
			sim_start(sim, id);
		break;
	case 2:
		sim->side[id] = sim_rand(sim, 4) == 0;
		break;
	case 3:
		if (sim->node[id].rn)
			raft_rawnode_transfer_leader(
				sim->node[id].rn, 1 + sim_rand(sim, SIM_NODES));
		break;
	}
}

/* Nothing but trouble for a while, then peace: what was applied has stayed, and the
 * cluster works. */
static void trouble_and_peace(struct sim *sim)
{
	sim->drop_percent = 10;
	sim->max_delay = 3;
	for (int i = 0; i < 300; i++) {
		raft_id id = 1 + sim_rand(sim, SIM_NODES);

		if (sim_rand(sim, 4) == 0)
			make_trouble(sim);
		if (sim->node[id].rn)
			sim_propose(sim, id);
		sim_run(sim, 1 + sim_rand(sim, 20));
	}

	sim->drop_percent = 0;
	for (raft_id id = 1; id <= SIM_NODES; id++) {
		sim->side[id] = 0;
		if (!sim->node[id].rn)
			sim_start(sim, id);
	}
	raft_index applied = sim->applied.len;
	/* It may be about to hand over, and take none. */
	while (!sim_propose(sim, sim_wait_leader(sim)))
		sim_tick(sim);
	sim_wait_converge(sim, applied);
	EXPECT(sim->proposals > 20);
}

/* A run of trouble with its own choice of options. */
static void run_trouble(uint64_t seed, bool async)
{
	/* Logs of what has gone well would be megabytes. */
	enum raft_log_level level = raft_testing_logger.level;

	raft_testing_logger.level = RAFT_LOG_WARN;
	for (uint64_t i = 0; i < 8; i++) {
		struct sim *sim;

		TEST_CASE("seed %llu", (unsigned long long)(seed + i));
		sim = sim_new(seed + i, async);
		for (raft_id id = 1; id <= SIM_NODES; id++)
			sim_crash(sim, id);
		sim->config.pre_vote = i & 1;
		sim->config.check_quorum = i & 2;
		for (raft_id id = 1; id <= SIM_NODES; id++)
			sim_start(sim, id);
		trouble_and_peace(sim);
	}
	raft_testing_logger.level = level;
}

TEST_TIMEOUT(trouble, 30)
{
	run_trouble(100, false);
}

TEST_TIMEOUT(trouble_with_async_storage_writes, 30)
{
	run_trouble(200, true);
}
