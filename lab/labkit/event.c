/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/event.h"

#include "lab/labkit/departure.h"
#include "lab/labkit/event_internal.h"
#include "lab/labkit/frame.h"
#include "lab/labkit/mask.h"
#include "lab/labkit/node.h"
#include "lab/labkit/node_internal.h"

#include <stdio.h>
#include <string.h>

/* The event that is going on; there is one at a time. */
static struct {
	bool open;
	struct raft *r;
	enum lab_event_kind kind;
	int net_tick;
	struct lab_seen_message m; /* that is stepped */
	char what[64];             /* that is called */
	uint64_t hash;
	struct lab_seen before;
	uint32_t msgs, msgs_after_append; /* in the outbox before */
} now;

/* --- words -------------------------------------------------------------------------------------
 */

static void event_text_step(struct lab_text *t, raft_id id)
{
	const struct lab_seen_message *m = &now.m;

	if (m->type == MSG_PROP && m->from == id) {
		if (m->len == 1)
			lab_text_either(t, "a client proposes an entry at node %llu",
				"客户端在节点 %llu 提议一个日志项", id);
		else
			lab_text_either(t, "a client proposes %llu entries at node %llu",
				"客户端提议 %llu 个日志项，在节点 %llu", (unsigned long long)m->len,
				id);
	} else if (m->type == MSG_TRANSFER_LEADER) {
		lab_text_either(t, "node %llu is asked to hand leadership over to node %llu",
			"节点 %llu 被要求把领导权移交给节点 %llu", id, m->from);
	} else if (m->type == MSG_HUP) {
		lab_text_either(t, "node %llu is told to campaign", "节点 %llu 被要求发起选举", id);
	} else {
		lab_text_either(t, "node %llu receives ", "节点 %llu 收到 ", id);
		lab_text_message(t, m);
	}
}

static void event_text(struct lab_text *t)
{
	raft_id id = now.before.id;

	switch (now.kind) {
	case LAB_EVENT_TICK:
		lab_text_either(t, "a tick passes at node %llu", "节点 %llu 走过一个 tick", id);
		break;
	case LAB_EVENT_STEP:
		event_text_step(t, id);
		break;
	case LAB_EVENT_DO:
		lab_text_either(
			t, "%s() is called at node %llu", "%s() 被调用，在节点 %llu", now.what, id);
		break;
	case LAB_EVENT_SAVED:
		lab_text_either(t,
			"node %llu has saved its state and takes in its messages to itself",
			"节点 %llu 已保存状态，处理给自己的消息", id);
		break;
	}
	if (now.net_tick >= 0)
		lab_text_either(t, " (tick %d)", "（第 %d 个 tick）", now.net_tick);
}

/* --- begin and end
 * --------------------------------------------------------------------------------- */

static uint64_t event_hash(void)
{
	const unsigned char *p = (const unsigned char *)&now.m;
	uint64_t h = 0xcbf29ce484222325;

	h = (h ^ (uint64_t)now.kind) * 0x100000001b3;
	h = (h ^ now.before.id) * 0x100000001b3;
	if (now.kind == LAB_EVENT_STEP)
		for (size_t i = 0; i < sizeof(now.m); i += sizeof(uint64_t)) {
			uint64_t word;

			memcpy(&word, p + i, sizeof(word));
			h = (h ^ word) * 0x100000001b3;
		}
	for (const char *s = now.what; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h;
}

void lab_event_begin(struct raft *r, enum lab_event_kind kind, int net_tick,
	const struct raft_message *m, const char *what)
{
	lab_settle_timeout(r);
	now.r = r;
	now.kind = kind;
	now.net_tick = net_tick;
	if (m)
		lab_see_message(m, &now.m);
	now.what[0] = '\0';
	if (what)
		snprintf(now.what, sizeof(now.what), "%s", what);
	lab_see_node(r, &now.before);
	now.hash = event_hash();
	now.msgs = r->msgs.len;
	now.msgs_after_append = r->msgs_after_append.len;
	now.open = true;
}

/* Appends what is new in a part of the outbox, in order of receivers. */
static void event_take_messages(
	struct lab_outcome *o, const struct raft_messages *ms, uint32_t before)
{
	for (uint32_t i = before; i < ms->len; i++) {
		struct lab_seen_message m;
		uint64_t at = o->nmsgs++;

		lab_see_message(&ms->v[i], &m);
		for (; at > 0 && o->msgs[at - 1].to > m.to; at--)
			o->msgs[at] = o->msgs[at - 1];
		o->msgs[at] = m;
	}
}

static uint32_t event_new(const struct raft_messages *ms, uint32_t before)
{
	return ms->len > before ? ms->len - before : 0;
}

/* What came of the event. */
static void event_outcome(struct lab_outcome *o)
{
	o->event = now.hash;
	o->nmsgs = 0;
	lab_see_node(now.r, &o->node);
	event_take_messages(o, &now.r->msgs, now.msgs);
	event_take_messages(o, &now.r->msgs_after_append, now.msgs_after_append);
}

/* More messages than this come of no event; who sends them sends without end. */
#define EVENT_MESSAGES 4096

void lab_event_end(void)
{
	struct raft *r = now.r;
	uint64_t nmsgs;
	struct lab_outcome *o;

	if (!now.open)
		return;
	nmsgs = (uint64_t)event_new(&r->msgs, now.msgs) +
		event_new(&r->msgs_after_append, now.msgs_after_append);
	LAB_EXPECT(nmsgs < EVENT_MESSAGES,
		SAY("an event leads to a few messages", "一个事件只引出几条消息"),
		SAY("%llu messages", "%llu 条消息", (unsigned long long)nmsgs));
	LAB_EXPECT(lab_mask_intact(), SAY("a step of Raft", "Raft 的一步"),
		SAY("it writes to the tester's variables", "它改写测试程序的变量"));
	if (lab_phase() == LAB_REFERENCE) {
		o = lab_record_room(nmsgs);
		LAB_EXPECT(o, SAY("a test that fits into the record", "测试能放进记录"),
			SAY("it is too long", "测试太长"));
		event_outcome(o);
		lab_record_keep(o);
	} else if (lab_phase() == LAB_STUDENT && !lab_departure_of_behaviour()) {
		static _Alignas(struct lab_outcome) unsigned char
			yours[sizeof(struct lab_outcome) +
				EVENT_MESSAGES * sizeof(struct lab_seen_message)];

		o = (struct lab_outcome *)yours;
		event_outcome(o);
		lab_departure_compare(o, event_text);
	}
	now.open = false;
	lab_settle_timeout(r);
}

void lab_event_cut_off(const char *how)
{
	if (now.open)
		lab_departure_cut_off(now.hash, event_text, &now.before, how);
}

void lab_event_forget(void)
{
	now.open = false;
}

/* --- events of one node
 * --------------------------------------------------------------------------------- */

void lab_tick(struct raft *r)
{
	lab_event_begin(r, LAB_EVENT_TICK, -1, NULL, NULL);
	r->tick(r);
	lab_event_end();
}

enum raft_error lab_step(struct raft *r, struct raft_message m)
{
	enum raft_error err;

	if (lab_phase() != LAB_REFERENCE)
		printf("-> %s\n", lab_message(&m));
	lab_event_begin(r, LAB_EVENT_STEP, -1, &m, NULL);
	err = raft_step(r, &m);
	lab_event_end();
	return err;
}

enum raft_error lab_propose(struct raft *r, int n)
{
	struct raft_message m = {.type = MSG_PROP, .from = r->id, .to = r->id};

	for (int i = 0; i < n; i++)
		lab_push_letter(&m.entries, (char)('a' + i));
	return lab_step(r, m);
}

void lab_event_do(struct raft *r, const char *what)
{
	lab_event_begin(r, LAB_EVENT_DO, -1, NULL, what);
}
