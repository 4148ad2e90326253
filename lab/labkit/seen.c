/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/seen.h"

#include <string.h>

/* FNV-1a over words: only ever compared with itself. */
static uint64_t seen_hash(uint64_t h, uint64_t v)
{
	return (h ^ v) * 0x100000001b3;
}

static uint64_t seen_hash_bytes(uint64_t h, const unsigned char *p, size_t len)
{
	h = seen_hash(h, len);
	for (size_t i = 0; i < len; i++)
		h = seen_hash(h, p[i]);
	return h;
}

static uint64_t seen_hash_entries(const struct raft_entry *e, size_t n)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < n; i++) {
		h = seen_hash(seen_hash(h, e[i].index), e[i].term);
		h = seen_hash_bytes(seen_hash(h, e[i].type), e[i].data, e[i].len);
	}
	return h;
}

static struct lab_seen_entry seen_entry(const struct raft_entry *e)
{
	return (struct lab_seen_entry){(uint32_t)e->index, (uint32_t)e->term};
}

void lab_see_message(const struct raft_message *m, struct lab_seen_message *seen)
{
	memset(seen, 0, sizeof(*seen));
	seen->type = m->type;
	seen->reject = m->reject;
	seen->to = m->to;
	seen->from = m->from;
	seen->term = m->term;
	/* Nobody reads more of an answer to a request for a vote. */
	if (m->type == MSG_VOTE_RESP || m->type == MSG_PRE_VOTE_RESP)
		return;
	seen->log_term = m->log_term;
	seen->index = m->index;
	seen->commit = m->commit;
	seen->reject_hint = m->reject_hint;
	seen->hash = seen_hash_bytes(seen_hash_entries(m->entries.v, m->entries.len),
		raft_context_data(&m->context), m->context.len);
	seen->len = m->entries.len;
	for (uint32_t i = 0; i < m->entries.len && i < LAB_SEEN_ENTRIES; i++)
		seen->entries[i] = seen_entry(&m->entries.v[i]);
}

size_t lab_stable_len(const struct raft *r)
{
	const struct raft_memory_storage *ms =
		(const struct raft_memory_storage *)r->raft_log.storage;
	raft_index before = ms->ents.v[0].index, offset = r->raft_log.unstable.offset;
	size_t n = ms->ents.len - 1;

	if (offset <= before)
		return 0;
	return n < offset - before - 1 ? n : offset - before - 1;
}

void lab_see_node(const struct raft *r, struct lab_seen *seen)
{
	const struct raft_memory_storage *ms =
		(const struct raft_memory_storage *)r->raft_log.storage;
	const struct raft_entries *u = &r->raft_log.unstable.entries;
	size_t stable = lab_stable_len(r), len = stable + u->len;
	size_t n = len < LAB_SEEN_ENTRIES ? len : LAB_SEEN_ENTRIES;

	memset(seen, 0, sizeof(*seen));
	seen->id = r->id;
	seen->term = r->term;
	seen->vote = r->vote;
	seen->lead = r->lead;
	seen->commit = r->raft_log.committed;
	seen->state = r->state;
	seen->clock = r->election_elapsed;
	seen->step = r->step == raft_step_follower    ? 1
		     : r->step == raft_step_candidate ? 2
		     : r->step == raft_step_leader    ? 3
						      : 0;
	seen->tick = r->tick == raft_tick_election ? 1 : r->tick == raft_tick_heartbeat ? 2 : 0;
	seen->log_len = len;
	seen->log_hash = seen_hash_entries(u->v, u->len);
	for (size_t i = 0; i < n; i++) {
		size_t at = len - n + i;
		const struct raft_entry *e = at < stable ? &ms->ents.v[1 + at] : &u->v[at - stable];

		seen->log[i] = seen_entry(e);
	}
}

void lab_see_alike(struct lab_seen *a, const struct lab_seen *b)
{
	a->clock = b->clock;
	a->step = b->step;
	a->tick = b->tick;
}

/* --- words -------------------------------------------------------------------------------- */

const char *lab_role_or_null(enum raft_state state)
{
	switch (state) {
	case RAFT_STATE_FOLLOWER:
		return lab_pick("a follower", "follower");
	case RAFT_STATE_CANDIDATE:
		return lab_pick("a candidate", "candidate");
	case RAFT_STATE_LEADER:
		return lab_pick("the leader", "leader");
	case RAFT_STATE_PRE_CANDIDATE:
		return lab_pick("a pre-candidate", "pre-candidate");
	}
	return NULL;
}

void lab_text_step(struct lab_text *t, const struct lab_seen *s)
{
	static const char *const names[] = {"another function", "raft_step_follower",
		"raft_step_candidate", "raft_step_leader"};

	lab_text_either(t, "has step = %s", "step 为 %s", names[s->step]);
}

void lab_text_tick(struct lab_text *t, const struct lab_seen *s)
{
	static const char *const names[] = {
		"another function", "raft_tick_election", "raft_tick_heartbeat"};

	lab_text_either(t, "has tick = %s", "tick 为 %s", names[s->tick]);
}

static void seen_text_entries(struct lab_text *t, const struct lab_seen_entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		lab_text_add(t, "%s%u/%u", i ? " " : "", e[i].index, e[i].term);
}

static void seen_text_append(struct lab_text *t, const struct lab_seen_message *m)
{
	size_t n = m->len < LAB_SEEN_ENTRIES ? m->len : LAB_SEEN_ENTRIES;

	lab_text_either(t, " after %llu/%llu entries [", " 接在 %llu/%llu 之后 日志项 [", m->index,
		m->log_term);
	seen_text_entries(t, m->entries, n);
	lab_text_add(t, "%s] commit %llu", n < m->len ? " ..." : "", m->commit);
}

void lab_text_message(struct lab_text *t, const struct lab_seen_message *m)
{
	lab_text_add(t, "%s %llu->%llu", raft_message_type_name(m->type), m->from, m->to);
	if (m->term)
		lab_text_either(t, " term %llu", " 任期 %llu", m->term);
	switch (m->type) {
	case MSG_APP:
		seen_text_append(t, m);
		break;
	case MSG_APP_RESP:
		if (m->reject)
			lab_text_either(t, " rejects %llu", " 拒绝 %llu", m->index);
		else
			lab_text_either(t, " has %llu", " 已有 %llu", m->index);
		break;
	case MSG_VOTE_RESP:
	case MSG_PRE_VOTE_RESP:
		lab_text_add(
			t, " %s", m->reject ? lab_pick("no", "反对") : lab_pick("yes", "赞成"));
		break;
	case MSG_VOTE:
	case MSG_PRE_VOTE:
		if (m->index)
			lab_text_either(t, " log ends at %llu/%llu", " 日志末尾 %llu/%llu",
				m->index, m->log_term);
		break;
	case MSG_HEARTBEAT:
		lab_text_add(t, " commit %llu", m->commit);
		break;
	case MSG_PROP:
		lab_text_either(t, " entries: %llu", " 日志项：%llu", (unsigned long long)m->len);
		break;
	default:
		break;
	}
}

void lab_text_log(struct lab_text *t, const struct lab_seen *s)
{
	size_t n = s->log_len < LAB_SEEN_ENTRIES ? s->log_len : LAB_SEEN_ENTRIES;

	if (n == 0) {
		lab_text_add(t, "%s", lab_pick("empty", "空的"));
		return;
	}
	lab_text_add(t, "[%s", n < s->log_len ? "... " : "");
	seen_text_entries(t, s->log, n);
	lab_text_add(t, "]");
}
