/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/words.h"

#include "lab/labkit/node.h"
#include "lab/labkit/seen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool lab_chinese(void)
{
	static int chinese = -1;

	if (chinese < 0) {
		const char *lang = getenv("RAFTLAB_LANG");

		chinese = lang && strncmp(lang, "zh", 2) == 0;
	}
	return chinese;
}

const char *lab_pick(const char *en, const char *zh)
{
	return lab_chinese() ? zh : en;
}

static const char *words_make(const char *fmt, va_list ap)
{
	char *s = NULL;

	return vasprintf(&s, fmt, ap) < 0 ? "(out of memory)" : s;
}

const char *lab_say_either(const char *en, const char *zh, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, zh);
	s = words_make(lab_pick(en, zh), ap);
	va_end(ap);
	return s;
}

const char *lab_say(const char *fmt, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, fmt);
	s = words_make(fmt, ap);
	va_end(ap);
	return s;
}

/* --- text of fixed size --------------------------------------------------------------- */

/* Cuts between characters: half a character of Chinese is none. */
static void text_cut(struct lab_text *t)
{
	while (t->len > 0 && ((unsigned char)t->s[t->len - 1] & 0xc0) == 0x80)
		t->len--;
	if (t->len > 0 && (unsigned char)t->s[t->len - 1] >= 0xc0)
		t->len--;
	t->s[t->len] = '\0';
}

static void text_add(struct lab_text *t, const char *fmt, va_list ap)
{
	size_t room = sizeof(t->s) - t->len;
	int n = vsnprintf(t->s + t->len, room, fmt, ap);

	if (n < 0) {
		t->s[t->len] = '\0';
	} else if ((size_t)n < room) {
		t->len += (size_t)n;
	} else {
		t->len = sizeof(t->s) - 1;
		text_cut(t);
	}
}

void lab_text_add(struct lab_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_add(t, fmt, ap);
	va_end(ap);
}

void lab_text_either(struct lab_text *t, const char *en, const char *zh, ...)
{
	va_list ap;

	va_start(ap, zh);
	text_add(t, lab_pick(en, zh), ap);
	va_end(ap);
}

/* --- nodes, logs, messages --------------------------------------------------------------- */

const char *lab_who(raft_id id)
{
	return id == RAFT_NONE ? lab_pick("nobody", "无") : SAY("node %llu", "节点 %llu", id);
}

const char *lab_role(enum raft_state state)
{
	const char *s = lab_role_or_null(state);

	return s ? s : SAY("in state %d, which does not exist", "不存在的状态 %d", (int)state);
}

const char *lab_state_of(const struct raft *r)
{
	return SAY("node %llu is %s in term %llu, its vote went to %s, the leader it knows is %s",
		"节点 %llu 是 %s，任期 %llu，投票给：%s，所知的 leader：%s", r->id,
		lab_role(r->state), r->term, lab_who(r->vote), lab_who(r->lead));
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
	struct lab_seen_message seen;
	struct lab_text t = {0};

	if (!m)
		return lab_pick("nothing", "什么也没有");
	lab_see_message(m, &seen);
	lab_text_message(&t, &seen);
	return lab_say("%s", t.s);
}

/* Reads both parts of the log as they are: raft's own way to all entries stops the
 * program when they are numbered wrongly. */
const char *lab_whole_log(const struct raft *r)
{
	const struct raft_memory_storage *ms =
		(const struct raft_memory_storage *)r->raft_log.storage;
	const struct raft_entries *u = &r->raft_log.unstable.entries;
	const char *stable, *unstable;

	/* [0] stands for what lies before the log. */
	stable = lab_entries(ms->ents.v + 1, lab_stable_len(r));
	unstable = lab_entries(u->v, u->len);
	if (!*stable && !*unstable)
		return lab_pick("empty", "空的");
	return lab_say("[%s%s%s]", stable, *stable && *unstable ? " " : "", unstable);
}

const char *lab_outbox(const struct raft *r)
{
	const struct raft_message *m;
	const char *s = NULL;

	for (size_t i = 0; (m = lab_nth_message(r, i)); i++)
		if (m->to != r->id)
			s = s ? SAY("%s, %s", "%s；%s", s, lab_message(m)) : lab_message(m);
	return s ? s : lab_pick("no message", "没有消息");
}
