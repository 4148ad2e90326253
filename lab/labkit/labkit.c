/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/labkit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LAB_LOG_TEXT 16384

/* Tests of the lab never free: each ends with its process. */
static void *lab_new(size_t size)
{
	return raft_calloc(1, size);
}

/* --- words ----------------------------------------------------------------------- */

const char *lab_say(const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return n < 0 ? "(out of memory)" : s;
}

const char *lab_who(raft_id id)
{
	return id == RAFT_NONE ? "nobody" : lab_say("node %llu", id);
}

const char *lab_role(enum raft_state state)
{
	switch (state) {
	case RAFT_STATE_FOLLOWER:
		return "a follower";
	case RAFT_STATE_CANDIDATE:
		return "a candidate";
	case RAFT_STATE_LEADER:
		return "the leader";
	case RAFT_STATE_PRE_CANDIDATE:
		return "a pre-candidate";
	}
	return lab_say("in state %d, which does not exist", (int)state);
}

const char *lab_state_of(const struct raft *r)
{
	return lab_say(
		"node %llu is %s in term %llu, its vote went to %s, the leader it knows is %s",
		r->id, lab_role(r->state), r->term, lab_who(r->vote), lab_who(r->lead));
}

const char *lab_entries(const struct raft_entry *e, size_t n)
{
	const char *s = "";

	for (size_t i = 0; i < n; i++)
		s = lab_say("%s%s%llu/%llu", s, i ? " " : "", e[i].index, e[i].term);
	return s;
}

const char *lab_message(const struct raft_message *m)
{
	const char *s;

	if (!m)
		return "nothing";
	s = lab_say("%s %llu->%llu term %llu", raft_message_type_name(m->type), m->from, m->to,
		m->term);
	switch (m->type) {
	case MSG_APP:
		return lab_say("%s after %llu/%llu entries [%s] commit %llu", s, m->index,
			m->log_term, lab_entries(m->entries.v, m->entries.len), m->commit);
	case MSG_APP_RESP:
		return lab_say("%s %s %llu", s, m->reject ? "rejects" : "has", m->index);
	case MSG_VOTE_RESP:
	case MSG_PRE_VOTE_RESP:
		return lab_say("%s %s", s, m->reject ? "no" : "yes");
	default:
		return s;
	}
}

/* Reads both parts of the log as they are: raft's own way to all entries stops the
 * program when they are numbered wrongly. */
const char *lab_whole_log(const struct raft *r)
{
	const struct raft_memory_storage *ms =
		(const struct raft_memory_storage *)r->raft_log.storage;
	const struct unstable *u = &r->raft_log.unstable;
	const char *stable, *unstable;
	size_t n = 0;

	/* [0] stands for what lies before the log; what the unstable part replaces
	 * does not count any more. */
	while (n + 1 < ms->ents.len && n + 1 < u->offset)
		n++;
	stable = lab_entries(ms->ents.v + 1, n);
	unstable = lab_entries(u->entries.v, u->entries.len);
	if (!*stable && !*unstable)
		return "empty";
	return lab_say("[%s%s%s]", stable, *stable && *unstable ? " " : "", unstable);
}

/* --- the outbox -------------------------------------------------------------------- */

/* The i-th message in the outbox, those that wait for the disk last; NULL behind
 * the last one. */
static const struct raft_message *lab_nth(const struct raft *r, size_t i)
{
	if (i < r->msgs.len)
		return &r->msgs.v[i];
	i -= r->msgs.len;
	return i < r->msgs_after_append.len ? &r->msgs_after_append.v[i] : NULL;
}

static bool lab_wanted(
	const struct raft *r, const struct raft_message *m, enum raft_message_type type, raft_id to)
{
	return m->type == type && (to ? m->to == to : m->to != r->id);
}

int lab_count(const struct raft *r, enum raft_message_type type, raft_id to)
{
	const struct raft_message *m;
	int n = 0;

	for (size_t i = 0; (m = lab_nth(r, i)); i++)
		n += lab_wanted(r, m, type, to);
	return n;
}

const struct raft_message *lab_find(const struct raft *r, enum raft_message_type type, raft_id to)
{
	const struct raft_message *m;

	for (size_t i = 0; (m = lab_nth(r, i)); i++)
		if (lab_wanted(r, m, type, to))
			return m;
	return NULL;
}

const char *lab_outbox(const struct raft *r)
{
	const struct raft_message *m;
	const char *s = NULL;

	for (size_t i = 0; (m = lab_nth(r, i)); i++)
		if (m->to != r->id)
			s = s ? lab_say("%s, %s", s, lab_message(m)) : lab_message(m);
	return s ? s : "no message";
}

void lab_forget_messages(struct raft *r)
{
	raft_messages_clear(&r->msgs);
	raft_messages_clear(&r->msgs_after_append);
}

/* --- one node ------------------------------------------------------------------------- */

/* Prints what a node logs, and remembers it. */
struct lab_logger {
	struct raft_logger base; /* first, so that one is the other */
	char text[LAB_LOG_TEXT];
	size_t len;

	/* See lab_watch. */
	const struct raft *watched;
	const char *watched_text;
	enum raft_message_type watched_type;
	int watched_count;
};

static void lab_log(struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	struct lab_logger *l = (struct lab_logger *)logger;
	size_t room = sizeof(l->text) - l->len, n = strlen(msg) + 1;

	(void)level;
	printf("%s\n", msg);
	if (l->watched && l->watched_count < 0 && strstr(msg, l->watched_text))
		l->watched_count = lab_count(l->watched, l->watched_type, 0);
	if (n >= room)
		return;
	memcpy(l->text + l->len, msg, n - 1);
	l->text[l->len + n - 1] = '\n';
	l->len += n;
}

bool lab_log_has(const struct raft *r, const char *text)
{
	return strstr(((struct lab_logger *)r->logger)->text, text) != NULL;
}

void lab_watch(struct raft *r, const char *text, enum raft_message_type type)
{
	struct lab_logger *l = (struct lab_logger *)r->logger;

	l->watched = r;
	l->watched_text = text;
	l->watched_type = type;
	l->watched_count = -1;
}

int lab_watched(const struct raft *r)
{
	return ((struct lab_logger *)r->logger)->watched_count;
}

static struct raft_logger *lab_logger(void)
{
	struct lab_logger *l = lab_new(sizeof(*l));

	l->base = (struct raft_logger){.level = RAFT_LOG_DEBUG, .log = lab_log};
	return &l->base;
}

/* A storage whose members are the nodes 1..n. */
static struct raft_memory_storage *lab_storage(int n)
{
	struct raft_memory_storage *ms = raft_memory_storage_new();
	struct raft_ids *voters = &ms->snapshot->metadata.conf_state.voters;

	for (int i = 1; i <= n; i++)
		voters->id[voters->len++] = (raft_id)i;
	return ms;
}

static struct raft_config lab_config(raft_id id, struct raft_memory_storage *ms)
{
	return (struct raft_config){.id = id,
		.election_tick = LAB_ELECTION_TICK,
		.heartbeat_tick = 1,
		.storage = raft_memory_storage_base(ms),
		.max_size_per_msg = RAFT_NO_LIMIT,
		.max_inflight_msgs = 256,
		.logger = lab_logger(),
		.seed = 1};
}

struct raft *lab_node(raft_id id, int n, raft_term term, const raft_term *log, size_t len)
{
	struct raft_memory_storage *ms = lab_storage(n);
	struct raft_config c = lab_config(id, ms);
	struct raft *r;

	for (size_t i = 0; i < len; i++) {
		struct raft_entry e = {.index = i + 1, .term = log[i]};

		raft_memory_storage_append(ms, &e, 1);
	}
	raft_memory_storage_set_hard_state(ms, (struct raft_hard_state){.term = term});
	raft_config_validate(&c); /* fills in what stands for no limit */
	r = raft_new(&c);
	r->randomized_election_timeout = LAB_ELECTION_TICK;
	return r;
}

void lab_be_candidate(struct raft *r)
{
	/* As if it had been restarted in the middle of its campaign. */
	raft_load_state(
		r, (struct raft_hard_state){
			   .term = r->term + 1, .vote = r->id, .commit = r->raft_log.committed});
	raft_become_pre_candidate(r);
	r->state = RAFT_STATE_CANDIDATE;
	tracker_record_vote(&r->trk, r->id, true);
}

void lab_be_leader(struct raft *r)
{
	raft_reset(r, r->term);
	r->state = RAFT_STATE_LEADER;
	r->step = raft_step_leader;
	r->tick = raft_tick_heartbeat;
	r->lead = r->id;
	r->vote = r->id;
	tracker_for_each (&r->trk, pr) {
		progress_become_replicate(pr);
		pr->next = raft_log_last_index(&r->raft_log) + 1;
		pr->recent_active = true;
	}
}

enum raft_error lab_step(struct raft *r, struct raft_message m)
{
	printf("-> %s\n", lab_message(&m));
	return raft_step(r, &m);
}

bool lab_entries_are_numbered(void)
{
	struct raft *r = lab_node(1, 3, 4, NULL, 0);
	struct raft_entry es[2] = {{0}};

	lab_be_leader(r);
	return raft_append_entry(r, es, 2) && strcmp(lab_whole_log(r), "[1/4 2/4]") == 0;
}

void lab_push_letter(struct raft_entries *ents, char letter)
{
	struct raft_buf *buf = raft_buf_new(1);
	struct raft_entry e = {.len = 1, .data = buf->data, .buf = buf};

	buf->data[0] = (unsigned char)letter;
	raft_entries_push(ents, &e);
	raft_buf_unref(buf);
}

enum raft_error lab_propose(struct raft *r, int n)
{
	struct raft_message m = {.type = MSG_PROP, .from = r->id, .to = r->id};

	for (int i = 0; i < n; i++)
		lab_push_letter(&m.entries, (char)('a' + i));
	return lab_step(r, m);
}

/* --- a net of nodes --------------------------------------------------------------------- */

struct raft *lab_net_raft(struct lab_net *net, raft_id id)
{
	return net->rn[id]->raft;
}

struct lab_net *lab_net_new(int n, bool pre_vote)
{
	struct lab_net *net = lab_new(sizeof(*net));

	net->n = n;
	for (int id = 1; id <= n; id++) {
		struct raft_config c;
		enum raft_error err;

		net->ms[id] = lab_storage(n);
		c = lab_config((raft_id)id, net->ms[id]);
		c.pre_vote = pre_vote;
		err = raft_rawnode_new(&c, &net->rn[id]);
		if (err != RAFT_OK)
			FAIL("a node could not be made: %s", raft_strerror(err));
	}
	return net;
}

/* The paper's election safety: at most one leader in a term (section 5.2). */
static void lab_net_check_leaders(struct lab_net *net)
{
	for (int id = 1; id <= net->n; id++) {
		struct raft *r = lab_net_raft(net, (raft_id)id);
		raft_id *seen;

		if (r->state != RAFT_STATE_LEADER)
			continue;
		LAB_EXPECT(r->term < 64, "the term goes up by one with each election",
			lab_say("node %d leads in term %llu after a few elections", id, r->term));
		seen = &net->leader_of[r->term];
		LAB_EXPECT(*seen == RAFT_NONE || *seen == (raft_id)id,
			lab_say("term %llu has one leader at most", r->term),
			lab_say("node %llu and node %d both lead in it", *seen, id));
		*seen = (raft_id)id;
	}
}

static void lab_net_apply(struct lab_net *net, int id, const struct raft_entry *e)
{
	char *s = net->applied[id];
	size_t n = strlen(s);

	if (e->len == 1 && n + 1 < sizeof(net->applied[id]))
		s[n] = *(const char *)e->data;
}

/* Saves, sends and applies what node id has ready, once. */
static bool lab_net_work(struct lab_net *net, int id)
{
	struct raft_rawnode *rn = net->rn[id];
	const struct raft_ready *rd;

	if (!raft_rawnode_has_ready(rn))
		return false;
	rd = raft_rawnode_ready(rn);
	if (!raft_hard_state_empty(rd->hard_state))
		raft_memory_storage_set_hard_state(net->ms[id], rd->hard_state);
	raft_memory_storage_append(net->ms[id], rd->entries, rd->entries_len);
	for (size_t i = 0; i < rd->messages_len; i++) {
		net->sent[rd->messages[i].type]++;
		if (net->cut[id])
			continue;
		printf("-> %s\n", lab_message(&rd->messages[i]));
		raft_messages_push(&net->wire, &rd->messages[i]);
	}
	for (size_t i = 0; i < rd->committed_entries_len; i++)
		lab_net_apply(net, id, &rd->committed_entries[i]);
	raft_rawnode_advance(rn);
	return true;
}

/* Delivers what is on the wire. */
static bool lab_net_deliver(struct lab_net *net)
{
	struct raft_messages wire = net->wire;

	net->wire = (struct raft_messages){0};
	for (uint32_t i = 0; i < wire.len; i++) {
		raft_id to = wire.v[i].to;

		if (to < 1 || to > (raft_id)net->n || net->cut[to])
			raft_message_free(&wire.v[i]);
		else
			raft_rawnode_step(net->rn[to], &wire.v[i]);
	}
	raft_messages_free(&wire);
	return wire.len > 0 || net->wire.len > 0;
}

void lab_net_run(struct lab_net *net)
{
	bool busy = true;

	for (int round = 0; busy; round++) {
		busy = false;
		for (int id = 1; id <= net->n; id++)
			busy |= lab_net_work(net, id);
		lab_net_check_leaders(net);
		LAB_EXPECT(round < 1000,
			"without a tick the nodes become quiet after some messages",
			lab_say("they go on and on; the last message was %s",
				net->wire.len ? lab_message(&net->wire.v[net->wire.len - 1])
					      : "none"));
		busy |= net->wire.len > 0;
		lab_net_deliver(net);
	}
}

void lab_net_tick(struct lab_net *net)
{
	printf("-- tick\n");
	for (int id = 1; id <= net->n; id++)
		if (!net->cut[id])
			raft_rawnode_tick(net->rn[id]);
	lab_net_run(net);
}

/* The leader that all reachable nodes follow, or nobody. */
static raft_id lab_net_leader(struct lab_net *net)
{
	raft_id lead = RAFT_NONE;
	raft_term term = 0;

	for (int id = 1; id <= net->n; id++) {
		struct raft *r = lab_net_raft(net, (raft_id)id);

		if (net->cut[id])
			continue;
		if (r->lead == RAFT_NONE || net->cut[r->lead] ||
			(lead && (r->lead != lead || r->term != term)))
			return RAFT_NONE;
		lead = r->lead;
		term = r->term;
	}
	return lead;
}

raft_id lab_net_elect(struct lab_net *net)
{
	const char *all = "";
	raft_id lead;

	for (int i = 0; i < 200; i++) {
		lab_net_tick(net);
		lead = lab_net_leader(net);
		if (lead)
			return lead;
	}
	for (int id = 1; id <= net->n; id++)
		all = lab_say("%s%s%s", all, id > 1 ? "; " : "",
			lab_state_of(lab_net_raft(net, (raft_id)id)));
	FAIL("expected: within 200 ticks %d nodes have a leader whom all follow\nseen: %s", net->n,
		all);
}

void lab_net_propose(struct lab_net *net, raft_id at, char letter)
{
	raft_rawnode_propose(net->rn[at], &letter, 1);
	lab_net_run(net);
}
