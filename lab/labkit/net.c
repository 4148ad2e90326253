/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/net.h"

#include "lab/labkit/departure.h"
#include "lab/labkit/event.h"
#include "lab/labkit/frame.h"
#include "lab/labkit/net_internal.h"
#include "lab/labkit/node.h"
#include "lab/labkit/node_internal.h"
#include "lab/labkit/words.h"

#include <stdlib.h>
#include <string.h>

#define NET_ROUNDS 1000 /* between two ticks; more is without end */

struct raft *lab_net_raft(struct lab_net *net, raft_id id)
{
	return net->rn[id]->raft;
}

/* --- making a net ------------------------------------------------------------------------------
 */

/* Starts node id with what its storage has. */
static void net_start(struct lab_net *net, raft_id id)
{
	struct raft_config c = lab_config(id, net->ms[id], net->o.quiet);
	enum raft_error err;

	c.pre_vote = net->o.pre_vote;
	c.check_quorum = net->o.check_quorum;
	c.applied = net->applied_index[id];
	err = raft_rawnode_new(&c, &net->rn[id]);
	if (err != RAFT_OK)
		FAIL("a node could not be made: %s", raft_strerror(err));
	lab_node_joins_net(lab_net_raft(net, id), net->o.seed);
}

struct lab_net *lab_net_make(struct lab_net_options o)
{
	struct lab_net *net = raft_calloc(1, sizeof(*net));

	net->o = o;
	net->n = o.n;
	for (int id = 1; id <= o.n; id++) {
		net->ms[id] = lab_storage(o.n);
		net_start(net, (raft_id)id);
	}
	return net;
}

struct lab_net *lab_net_new(int n, bool pre_vote)
{
	return lab_net_make((struct lab_net_options){.n = n, .pre_vote = pre_vote, .seed = 1});
}

static void net_stop(struct lab_net *net, raft_id id)
{
	struct raft_logger *logger = lab_net_raft(net, id)->logger;

	raft_rawnode_free(net->rn[id]);
	lab_logger_free(logger);
}

void lab_net_free(struct lab_net *net)
{
	for (int id = 1; id <= net->n; id++) {
		net_stop(net, (raft_id)id);
		raft_memory_storage_free(net->ms[id]);
	}
	raft_messages_free(&net->wire);
	free(net);
}

void lab_net_restart(struct lab_net *net, raft_id id)
{
	net_stop(net, id);
	net_start(net, id);
}

/* --- what is due -------------------------------------------------------------------------------
 */

static void net_send(struct lab_net *net, raft_id from, struct raft_message *m)
{
	if ((unsigned)m->type <= MSG_FORGET_LEADER)
		net->sent[m->type]++;
	if (net->cut[from] || m->to < 1 || m->to > (raft_id)net->n || net->link_down[from][m->to])
		return;
	if (!net->o.quiet && lab_phase() != LAB_REFERENCE)
		printf("-> %s\n", lab_message(m));
	raft_messages_push(&net->wire, m);
}

/* In order of receivers: the order between them is nobody's business, and must not
 * change what happens next. */
static void net_send_all(struct lab_net *net, raft_id from, const struct raft_ready *rd)
{
	for (raft_id to = 0; to <= LAB_NODES + 1; to++)
		for (size_t i = 0; i < rd->messages_len; i++)
			if (RAFT_MIN(rd->messages[i].to, LAB_NODES + 1) == to)
				net_send(net, from, &rd->messages[i]);
}

bool lab_net_work(struct lab_net *net, raft_id id)
{
	struct raft_rawnode *rn = net->rn[id];
	const struct raft_ready *rd;

	if (!raft_rawnode_has_ready(rn))
		return false;
	rd = raft_rawnode_ready(rn);
	if (!raft_hard_state_empty(rd->hard_state))
		raft_memory_storage_set_hard_state(net->ms[id], rd->hard_state);
	raft_memory_storage_append(net->ms[id], rd->entries, rd->entries_len);
	net_send_all(net, id, rd);
	for (size_t i = 0; i < rd->committed_entries_len; i++)
		lab_net_apply(net, id, &rd->committed_entries[i]);
	if (rn->steps_on_advance.len > 0) {
		lab_event_begin(rn->raft, LAB_EVENT_SAVED, net->ticks, NULL, NULL);
		raft_rawnode_advance(rn);
		lab_event_end();
	} else {
		raft_rawnode_advance(rn);
	}
	return true;
}

void lab_net_deliver(struct lab_net *net, struct raft_message *m)
{
	struct raft_rawnode *rn = net->rn[m->to];

	if (net->cut[m->to]) {
		raft_message_free(m);
		return;
	}
	lab_event_begin(rn->raft, LAB_EVENT_STEP, net->ticks, m, NULL);
	raft_rawnode_step(rn, m);
	lab_event_end();
}

bool lab_net_round(struct lab_net *net)
{
	struct raft_messages wire;
	bool busy = false;

	for (int id = 1; id <= net->n; id++)
		busy |= lab_net_work(net, (raft_id)id);
	lab_net_check_leaders(net);
	wire = net->wire;
	net->wire = (struct raft_messages){0};
	for (uint32_t i = 0; i < wire.len; i++)
		lab_net_deliver(net, &wire.v[i]);
	busy |= wire.len > 0;
	raft_messages_free(&wire);
	return busy;
}

/* What a net does that does not become quiet. */
static const char *net_restlessness(struct lab_net *net)
{
	for (int round = 0; round < 2; round++) {
		for (int id = 1; id <= net->n; id++)
			lab_net_work(net, (raft_id)id);
		if (net->wire.len > 0)
			return SAY("they go on and on: %s", "它们不停地交换消息：%s",
				lab_message(&net->wire.v[0]));
	}
	for (int id = 1; id <= net->n; id++)
		if (raft_rawnode_has_ready(net->rn[id]))
			return SAY(
				"node %d has something to save or to apply again and again; its log is "
				"%s, committed up to %llu",
				"节点 %d 总有东西要保存或应用；它的日志是 %s，已提交到 %llu", id,
				lab_whole_log(lab_net_raft(net, (raft_id)id)),
				lab_net_raft(net, (raft_id)id)->raft_log.committed);
	return SAY("they go on and on", "它们不停地继续");
}

void lab_net_run(struct lab_net *net)
{
	for (int round = 0; lab_net_round(net); round++)
		LAB_EXPECT(round < NET_ROUNDS,
			SAY("without a tick the nodes become quiet after some messages",
				"没有 tick 时，节点交换几条消息后就安静下来"),
			net_restlessness(net));
}

/* --- what happens to nodes
 * ------------------------------------------------------------------------- */

void lab_net_tick_node(struct lab_net *net, raft_id id)
{
	struct raft *r = lab_net_raft(net, id);

	lab_event_begin(r, LAB_EVENT_TICK, net->ticks, NULL, NULL);
	raft_rawnode_tick(net->rn[id]);
	lab_event_end();
}

void lab_net_tick(struct lab_net *net)
{
	net->ticks++;
	if (!net->o.quiet && lab_phase() != LAB_REFERENCE)
		printf("-- tick\n");
	for (int id = 1; id <= net->n; id++)
		if (!net->cut[id])
			lab_net_tick_node(net, (raft_id)id);
	lab_net_run(net);
}

/* Steps a message that comes from the node's own application. */
static enum raft_error net_step(struct lab_net *net, raft_id at, struct raft_message *m)
{
	struct raft *r = lab_net_raft(net, at);
	enum raft_error err;

	lab_event_begin(r, LAB_EVENT_STEP, net->ticks, m, NULL);
	err = raft_step(r, m);
	lab_event_end();
	return err;
}

enum raft_error lab_net_offer(struct lab_net *net, raft_id at, char letter)
{
	struct raft_message m = {.type = MSG_PROP, .from = at};

	lab_push_letter(&m.entries, letter);
	return net_step(net, at, &m);
}

void lab_net_propose(struct lab_net *net, raft_id at, char letter)
{
	lab_net_offer(net, at, letter);
	lab_net_run(net);
}

void lab_net_campaign(struct lab_net *net, raft_id id)
{
	net_step(net, id, &(struct raft_message){.type = MSG_HUP});
	lab_net_run(net);
}

void lab_net_ask_transfer(struct lab_net *net, raft_id from, raft_id to)
{
	net_step(net, from, &(struct raft_message){.type = MSG_TRANSFER_LEADER, .from = to});
}

void lab_net_transfer(struct lab_net *net, raft_id from, raft_id to)
{
	lab_net_ask_transfer(net, from, to);
	lab_net_run(net);
}

/* --- elections
 * ---------------------------------------------------------------------------------------- */

raft_id lab_net_leader(struct lab_net *net)
{
	raft_id lead = RAFT_NONE;
	raft_term term = 0;

	for (int id = 1; id <= net->n; id++) {
		struct raft *r = lab_net_raft(net, (raft_id)id);

		if (net->cut[id])
			continue;
		/* Student's code may have put anything there. */
		if (r->lead < 1 || r->lead > (raft_id)net->n || net->cut[r->lead] ||
			(lead && (r->lead != lead || r->term != term)))
			return RAFT_NONE;
		lead = r->lead;
		term = r->term;
	}
	return lead;
}

const char *lab_net_states(struct lab_net *net)
{
	const char *all = "";

	for (int id = 1; id <= net->n; id++)
		all = lab_say("%s%s%s", all, id > 1 ? lab_pick("; ", "；") : "",
			lab_state_of(lab_net_raft(net, (raft_id)id)));
	return all;
}

raft_id lab_net_elect(struct lab_net *net)
{
	raft_id lead;

	for (int i = 0; i < 200; i++) {
		lab_net_tick(net);
		lead = lab_net_leader(net);
		if (lead)
			return lead;
	}
	lab_fail(__FILE__, __LINE__,
		SAY("within 200 ticks %d nodes have a leader whom all follow",
			"200 个 tick 之内，%d 个节点有了大家都跟随的 leader", net->n),
		lab_net_states(net));
}

void lab_no_departure(const char *file, int line, struct lab_net *net)
{
	const struct lab_departure *d = lab_departure_of_behaviour();

	if (net)
		lab_net_check(net);
	if (d)
		lab_fail(file, line, SAY("when %s, %s", "%s时，%s", d->event.s, d->reference.s),
			d->yours.s);
}
