/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/departure.h"

#include <string.h>

#define DEPARTURE_SHOWN 6 /* messages */

static struct lab_departure first, behaviour;
static bool have_first, have_behaviour;

void lab_departure_forget(void)
{
	have_first = have_behaviour = false;
}

const struct lab_departure *lab_departure(void)
{
	return have_first ? &first : NULL;
}

const struct lab_departure *lab_departure_of_behaviour(void)
{
	return have_behaviour ? &behaviour : NULL;
}

/* --- words ----------------------------------------------------------------------------------- */

/* "node 3 does this, does that": the first part follows the subject. */
static void say_comma(struct lab_text *t, size_t start)
{
	if (t->len > start)
		lab_text_add(t, "%s", lab_pick(", ", "，"));
}

static bool same_log(const struct lab_seen *a, const struct lab_seen *b)
{
	return a->log_len == b->log_len && a->log_hash == b->log_hash &&
	       memcmp(a->log, b->log, sizeof(a->log)) == 0;
}

/* What s is, as far as other is something else. */
static void say_node(
	struct lab_text *t, size_t start, const struct lab_seen *s, const struct lab_seen *other)
{
	if (s->state != other->state || s->term != other->term) {
		const char *role = lab_role_or_null((enum raft_state)s->state);

		say_comma(t, start);
		lab_text_either(t, "is %s in term %llu", "是 %s，任期 %llu",
			role ? role : lab_pick("in no role that exists", "不存在的角色"), s->term);
	}
	if (s->vote != other->vote) {
		say_comma(t, start);
		if (s->vote)
			lab_text_either(t, "has given its vote to node %llu", "选票投给了节点 %llu",
				s->vote);
		else
			lab_text_either(t, "has given its vote to nobody", "还没有投票");
	}
	if (s->lead != other->lead) {
		say_comma(t, start);
		if (s->lead)
			lab_text_either(t, "knows node %llu as the leader",
				"知道 leader 是节点 %llu", s->lead);
		else
			lab_text_either(t, "knows no leader", "不知道谁是 leader");
	}
	if (!same_log(s, other)) {
		say_comma(t, start);
		lab_text_either(t, "has a log that is ", "日志是 ");
		lab_text_log(t, s);
		if (s->log_len == other->log_len && memcmp(s->log, other->log, sizeof(s->log)) == 0)
			lab_text_either(t, " with other contents", "（内容不同）");
	}
	if (s->commit != other->commit) {
		say_comma(t, start);
		lab_text_either(t, "has committed up to %llu", "已提交到 %llu", s->commit);
	}
	/* Another role has other functions: that goes without saying. */
	if (s->step != other->step && s->state == other->state) {
		say_comma(t, start);
		lab_text_step(t, s);
	}
	if (s->tick != other->tick && s->state == other->state) {
		say_comma(t, start);
		lab_text_tick(t, s);
	}
	if (s->clock != other->clock) {
		say_comma(t, start);
		lab_text_either(t, "has election_elapsed %lld", "election_elapsed 为 %lld",
			(long long)s->clock);
	}
}

static bool same_message(const struct lab_seen_message *a, const struct lab_seen_message *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* How often m is among the first n messages of o. */
static int times(const struct lab_outcome *o, uint64_t n, const struct lab_seen_message *m)
{
	int count = 0;

	for (uint64_t i = 0; i < n; i++)
		count += same_message(&o->msgs[i], m);
	return count;
}

/* What o sends beyond what other sends; without other: all of it. */
static void say_messages(struct lab_text *t, size_t start, const struct lab_outcome *o,
	const struct lab_outcome *other)
{
	int shown = 0;

	for (uint64_t i = 0; i < o->nmsgs; i++) {
		const struct lab_seen_message *m = &o->msgs[i];

		if (other && times(o, i, m) < times(other, other->nmsgs, m))
			continue;
		if (shown == DEPARTURE_SHOWN) {
			lab_text_add(t, ", ...");
			return;
		}
		if (shown++ == 0) {
			say_comma(t, start);
			lab_text_either(t, "sends ", "发送 ");
		} else {
			lab_text_add(t, "%s", lab_pick(", ", "；"));
		}
		lab_text_message(t, m);
		if (m->to == m->from)
			lab_text_either(t, " (to itself)", "（给自己）");
	}
	if (shown == 0) {
		say_comma(t, start);
		if (o->nmsgs == 0)
			lab_text_either(t, "sends nothing", "没有发送消息");
		else
			lab_text_either(t, "sends nothing of the kind", "没有发送这样的消息");
	}
}

static bool same_messages(const struct lab_outcome *a, const struct lab_outcome *b)
{
	return a->nmsgs == b->nmsgs && memcmp(a->msgs, b->msgs, a->nmsgs * sizeof(a->msgs[0])) == 0;
}

static void say_order(struct lab_text *t, const struct lab_outcome *o)
{
	lab_text_either(t, "sends in this order: ", "按这个顺序发送：");
	for (uint64_t i = 0; i < o->nmsgs && i < DEPARTURE_SHOWN; i++) {
		lab_text_add(t, "%s", i ? lab_pick(", ", "；") : "");
		lab_text_message(t, &o->msgs[i]);
	}
}

/* The same messages, but not in the same order to each receiver. */
static bool only_order(const struct lab_outcome *a, const struct lab_outcome *b)
{
	if (a->nmsgs != b->nmsgs)
		return false;
	for (uint64_t i = 0; i < a->nmsgs; i++)
		if (times(a, a->nmsgs, &a->msgs[i]) != times(b, b->nmsgs, &a->msgs[i]))
			return false;
	return true;
}

/* What o is and does, as far as other is and does something else. */
static void say_outcome(
	struct lab_text *t, const struct lab_outcome *o, const struct lab_outcome *other)
{
	size_t start;

	lab_text_either(t, "node %llu ", "节点 %llu ", o->node.id);
	start = t->len;
	if (!same_messages(o, other)) {
		if (only_order(o, other))
			say_order(t, o);
		else
			say_messages(t, start, o, other);
	}
	say_node(t, start, &o->node, &other->node);
}

/* --- comparing ---------------------------------------------------------------------------------
 */

static bool same_behaviour(const struct lab_outcome *a, const struct lab_outcome *b)
{
	struct lab_seen x = a->node;

	lab_see_alike(&x, &b->node);
	return memcmp(&x, &b->node, sizeof(x)) == 0 && same_messages(a, b);
}

static void depart(struct lab_departure *d, const struct lab_outcome *reference,
	const struct lab_outcome *yours, void (*event)(struct lab_text *text))
{
	memset(d, 0, sizeof(*d));
	event(&d->event);
	say_outcome(&d->reference, reference, yours);
	say_outcome(&d->yours, yours, reference);
}

/* Not even what happens is the same: the test does something else in its second phase,
 * because of something that is not recorded. */
static void depart_elsewhere(void (*event)(struct lab_text *text))
{
	memset(&first, 0, sizeof(first));
	event(&first.event);
	lab_text_either(&first.reference, "it does not come to that", "不会发生这件事");
	lab_text_either(&first.yours, "it does", "发生了");
	behaviour = first;
	have_first = have_behaviour = true;
}

void lab_departure_compare(const struct lab_outcome *yours, void (*event)(struct lab_text *text))
{
	const struct lab_outcome *reference = lab_record_next();

	if (have_behaviour)
		return; /* from here on the two live different lives */
	if (!reference || reference->event != yours->event) {
		depart_elsewhere(event);
		return;
	}
	lab_record_advance();
	if (!same_behaviour(reference, yours)) {
		depart(&behaviour, reference, yours, event);
		have_behaviour = true;
		if (!have_first)
			first = behaviour;
		have_first = true;
	} else if (!have_first &&
		   memcmp(&reference->node, &yours->node, sizeof(yours->node)) != 0) {
		depart(&first, reference, yours, event);
		have_first = true;
	}
}

void lab_departure_cut_off(uint64_t event_hash, void (*event)(struct lab_text *text),
	const struct lab_seen *before, const char *how)
{
	const struct lab_outcome *reference = lab_record_next();
	size_t start;

	if (have_first)
		return;
	have_first = true;
	memset(&first, 0, sizeof(first));
	event(&first.event);
	lab_text_add(&first.yours, "%s", how);
	if (!reference || reference->event != event_hash)
		return;
	lab_text_either(&first.reference, "node %llu ", "节点 %llu ", reference->node.id);
	start = first.reference.len;
	if (reference->nmsgs > 0)
		say_messages(&first.reference, start, reference, NULL);
	say_node(&first.reference, start, &reference->node, before);
	if (first.reference.len == start)
		lab_text_either(&first.reference, "stays as it is and sends nothing",
			"保持原样，不发送消息");
}
