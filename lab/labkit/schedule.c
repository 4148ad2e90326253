/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/schedule.h"

#include "lab/labkit/departure.h"
#include "lab/labkit/frame.h"
#include "lab/labkit/net_internal.h"
#include "lab/labkit/words.h"

/* Out of 1000: rounds in which a tick passes; messages that wait for the next round;
 * ticks that one node has alone, or misses, in a life whose clocks run apart. */
#define SCHEDULE_TICK 400
#define SCHEDULE_LATE 300
#define SCHEDULE_SPREAD 50

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static int below(uint64_t *state, int n)
{
	return (int)(draw(state) % (uint64_t)n);
}

static bool chance(uint64_t *state, int of_1000)
{
	return below(state, 1000) < of_1000;
}

struct lab_schedule lab_schedule(uint64_t seed)
{
	uint64_t state = seed * 0xd1342543de82ef95 + 1;
	struct lab_schedule s = {.seed = seed, .rounds = 240};

	s.n = chance(&state, 100) ? 1 + below(&state, 2) : 3 + below(&state, 3);
	s.pre_vote = chance(&state, 500);
	s.check_quorum = chance(&state, 500);
	s.lose = chance(&state, 600) ? below(&state, 150) : 0;
	s.cut = chance(&state, 700) ? 10 + below(&state, 30) : 0;
	s.propose = below(&state, 250);
	s.forward = below(&state, 100);
	s.transfer = chance(&state, 400) ? below(&state, 30) : 0;
	s.restart = chance(&state, 400) ? below(&state, 20) : 0;
	return s;
}

/* --- what may happen in a round
 * --------------------------------------------------------------------- */

/* A node or a link is cut off; every third time all is mended. */
static void life_cut(struct lab_net *net, uint64_t *state)
{
	int a = 1 + below(state, net->n), b = 1 + below(state, net->n), what = below(state, 6);

	if (what < 2) {
		for (int x = 1; x <= net->n; x++) {
			net->cut[x] = false;
			for (int y = 1; y <= net->n; y++)
				net->link_down[x][y] = false;
		}
	} else if (what == 2) {
		net->cut[a] = true;
	} else {
		net->link_down[a][b] = true;
		net->link_down[b][a] |= what < 5;
	}
}

/* The first node that leads; nobody: the one that is drawn anyway. */
static raft_id life_leader(struct lab_net *net, uint64_t *state)
{
	raft_id drawn = 1 + (raft_id)below(state, net->n);

	for (int id = 1; id <= net->n; id++)
		if (lab_net_raft(net, (raft_id)id)->state == RAFT_STATE_LEADER && !net->cut[id])
			return (raft_id)id;
	return drawn;
}

/* Delivers what is on the wire; some of it later, some never. A message that is late
 * lets those behind it on the same link wait as well. */
static void life_deliver(struct lab_net *net, const struct lab_schedule *s, uint64_t *state)
{
	struct raft_messages wire = net->wire;
	bool late[LAB_NODES + 1][LAB_NODES + 1] = {{false}};

	net->wire = (struct raft_messages){0};
	for (uint32_t i = 0; i < wire.len; i++) {
		struct raft_message *m = &wire.v[i];
		bool *waits = &late[m->from <= LAB_NODES ? m->from : 0][m->to];

		*waits = chance(state, SCHEDULE_LATE) || *waits;
		if (*waits)
			raft_messages_push(&net->wire, m);
		else if (chance(state, s->lose))
			raft_message_free(m);
		else
			lab_net_deliver(net, m);
	}
	raft_messages_free(&wire);
}

static void life_round(
	struct lab_net *net, const struct lab_schedule *s, uint64_t *state, int round, int spread)
{
	bool tick = chance(state, SCHEDULE_TICK);
	char letter = (char)('a' + round % 26);

	if (chance(state, s->cut))
		life_cut(net, state);
	if (chance(state, s->restart))
		lab_net_restart(net, 1 + (raft_id)below(state, net->n));
	net->ticks += tick;
	for (int id = 1; id <= net->n; id++)
		if (tick != chance(state, spread) && !net->cut[id])
			lab_net_tick_node(net, (raft_id)id);
	if (chance(state, s->propose))
		lab_net_offer(net, life_leader(net, state), letter);
	if (chance(state, s->forward))
		lab_net_offer(net, 1 + (raft_id)below(state, net->n), letter);
	if (chance(state, s->transfer))
		lab_net_ask_transfer(
			net, life_leader(net, state), 1 + (raft_id)below(state, net->n));
	for (int id = 1; id <= net->n; id++)
		lab_net_work(net, (raft_id)id);
	lab_net_check_leaders(net);
	life_deliver(net, s, state);
}

static struct lab_schedule_tally life_tally(const struct lab_net *net)
{
	struct lab_schedule_tally tally = {.committed = (int)net->last_committed};

	for (int term = 0; term < LAB_NET_TERMS; term++)
		tally.elections += net->leader_of[term] != RAFT_NONE;
	return tally;
}

struct lab_schedule_tally lab_schedule_live(
	const char *file, int line, const struct lab_schedule *s)
{
	struct lab_schedule_tally tally;
	uint64_t state = s->seed;
	int spread = chance(&state, 500) ? SCHEDULE_SPREAD : 0;
	struct lab_net *net = lab_net_make((struct lab_net_options){.n = s->n,
		.pre_vote = s->pre_vote,
		.check_quorum = s->check_quorum,
		.seed = s->seed,
		.quiet = true});

	for (int round = 0; round < s->rounds; round++) {
		life_round(net, s, &state, round, spread);
		if (lab_departure_of_behaviour())
			lab_no_departure(file, line, NULL);
	}
	lab_net_check(net);
	tally = life_tally(net);
	lab_net_free(net);
	return tally;
}
