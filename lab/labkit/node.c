/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/node.h"

#include "lab/labkit/frame.h"
#include "lab/labkit/node_internal.h"
#include "lab/labkit/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODE_LOG_TEXT 16384

/* What the kit knows of a node stands where the node writes its log lines to. */
struct node_logger {
	struct raft_logger base; /* first, so that one is the other */
	char *text;              /* what the node has logged */
	size_t len;

	/* See lab_watch. */
	const struct raft *watched;
	const char *watched_text;
	enum raft_message_type watched_type;
	int watched_count;

	/* See lab_settle_timeout. */
	bool in_net;
	uint64_t seed, drawn;
};

static struct node_logger *node_logger_of(const struct raft *r)
{
	return (struct node_logger *)r->logger;
}

/* --- the outbox -------------------------------------------------------------------- */

const struct raft_message *lab_nth_message(const struct raft *r, size_t i)
{
	if (i < r->msgs.len)
		return &r->msgs.v[i];
	i -= r->msgs.len;
	return i < r->msgs_after_append.len ? &r->msgs_after_append.v[i] : NULL;
}

static bool node_wanted(
	const struct raft *r, const struct raft_message *m, enum raft_message_type type, raft_id to)
{
	return m->type == type && (to ? m->to == to : m->to != r->id);
}

int lab_count(const struct raft *r, enum raft_message_type type, raft_id to)
{
	const struct raft_message *m;
	int n = 0;

	for (size_t i = 0; (m = lab_nth_message(r, i)); i++)
		n += node_wanted(r, m, type, to);
	return n;
}

const struct raft_message *lab_find(const struct raft *r, enum raft_message_type type, raft_id to)
{
	const struct raft_message *m;

	for (size_t i = 0; (m = lab_nth_message(r, i)); i++)
		if (node_wanted(r, m, type, to))
			return m;
	return NULL;
}

const struct raft_message *lab_to_itself(const struct raft *r, enum raft_message_type type)
{
	return lab_find(r, type, r->id);
}

const struct raft_message *lab_sent(
	const char *file, int line, const struct raft *r, enum raft_message_type type, raft_id to)
{
	const struct raft_message *m = lab_find(r, type, to);
	const char *name = raft_message_type_name(type);

	if (m)
		return m;
	if (to)
		lab_fail(file, line,
			SAY("node %llu sends a %s to node %llu",
				"节点 %1$llu 向节点 %3$llu 发送 %2$s", r->id, name, to),
			lab_outbox(r));
	lab_fail(file, line, SAY("node %llu sends a %s", "节点 %llu 发送 %s", r->id, name),
		lab_outbox(r));
}

void lab_forget_messages(struct raft *r)
{
	raft_messages_clear(&r->msgs);
	raft_messages_clear(&r->msgs_after_append);
}

/* --- log lines ----------------------------------------------------------------------- */

static void node_log(struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	struct node_logger *l = (struct node_logger *)logger;
	size_t room = NODE_LOG_TEXT - l->len, n = strlen(msg) + 1;

	(void)level;
	/* Only one of the two phases has something to tell. */
	if (lab_phase() != LAB_REFERENCE)
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
	return strstr(node_logger_of(r)->text, text) != NULL;
}

void lab_watch(struct raft *r, const char *text, enum raft_message_type type)
{
	struct node_logger *l = node_logger_of(r);

	l->watched = r;
	l->watched_text = text;
	l->watched_type = type;
	l->watched_count = -1;
}

int lab_watched(const struct raft *r)
{
	return node_logger_of(r)->watched_count;
}

/* --- making nodes ------------------------------------------------------------------------ */

struct raft_memory_storage *lab_storage(int n)
{
	struct raft_memory_storage *ms = raft_memory_storage_new();
	struct raft_ids *voters = &ms->snapshot->metadata.conf_state.voters;

	for (int i = 1; i <= n; i++)
		voters->id[voters->len++] = (raft_id)i;
	return ms;
}

struct raft_config lab_config(raft_id id, struct raft_memory_storage *ms, bool quiet)
{
	struct node_logger *l = raft_calloc(1, sizeof(*l));

	l->base = (struct raft_logger){
		.level = quiet ? RAFT_LOG_NONE : RAFT_LOG_DEBUG, .log = node_log};
	l->text = raft_calloc(1, quiet ? 1 : NODE_LOG_TEXT);
	return (struct raft_config){.id = id,
		.election_tick = LAB_ELECTION_TICK,
		.heartbeat_tick = 1,
		.storage = raft_memory_storage_base(ms),
		.max_size_per_msg = RAFT_NO_LIMIT,
		.max_inflight_msgs = 256,
		.logger = &l->base,
		.seed = 1};
}

void lab_logger_free(struct raft_logger *logger)
{
	struct node_logger *l = (struct node_logger *)logger;

	free(l->text);
	free(l);
}

struct raft *lab_node(raft_id id, int n, raft_term term, const raft_term *log, size_t len)
{
	struct raft_memory_storage *ms = lab_storage(n);
	struct raft_config c = lab_config(id, ms, false);
	struct raft *r;

	for (size_t i = 0; i < len; i++) {
		struct raft_entry e = {.index = i + 1, .term = log[i]};

		raft_memory_storage_append(ms, &e, 1);
	}
	raft_memory_storage_set_hard_state(ms, (struct raft_hard_state){.term = term});
	raft_config_validate(&c); /* fills in what stands for no limit */
	r = raft_new(&c);
	lab_settle_timeout(r);
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
	tracker_for_each(&r->trk, pr) {
		progress_become_replicate(pr);
		pr->next = raft_log_last_index(&r->raft_log) + 1;
		pr->recent_active = true;
	}
	lab_settle_timeout(r);
}

void lab_push_letter(struct raft_entries *ents, char letter)
{
	struct raft_buf *buf = raft_buf_new(1);
	struct raft_entry e = {.len = 1, .data = buf->data, .buf = buf};

	buf->data[0] = (unsigned char)letter;
	raft_entries_push(ents, &e);
	raft_buf_unref(buf);
}

/* --- election timeouts ------------------------------------------------------------------- */

void lab_node_joins_net(struct raft *r, uint64_t seed)
{
	struct node_logger *l = node_logger_of(r);

	l->in_net = true;
	l->seed = seed;
	l->drawn = ~r->rand_state;
	lab_settle_timeout(r);
}

/* splitmix64's way to spread the bits. */
static uint64_t node_mix(uint64_t z)
{
	z += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void lab_settle_timeout(struct raft *r)
{
	struct node_logger *l = node_logger_of(r);
	uint64_t more = 0;

	if (r->rand_state == l->drawn)
		return;
	l->drawn = r->rand_state;
	if (l->in_net)
		more = node_mix(node_mix(node_mix(l->seed) + r->id) + r->term) % LAB_ELECTION_TICK;
	r->randomized_election_timeout = LAB_ELECTION_TICK + (int)more;
}
