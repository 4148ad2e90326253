/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raft's values in words, for log lines and for people. Byte for byte what the
 * original says (util.go), which its scripts compare.
 */
#include "raft/raft_internal.h"
#include "raft/raftpb/raftpb.h"

#include <stdlib.h>

/* ---- States ------------------------------------------------------------- */

static void hard_state_string(struct raft_hard_state hs, struct strbuf *b)
{
	strbuf_printf(b, "Term:%llu", hs.term);
	if (hs.vote != 0)
		strbuf_printf(b, " Vote:%llu", hs.vote);
	strbuf_printf(b, " Commit:%llu", hs.commit);
}

static void soft_state_string(struct raft_soft_state ss, struct strbuf *b)
{
	strbuf_printf(b, "Lead:%llu State:%s", ss.lead, raft_state_name(ss.raft_state));
}

static const char *bool_name(bool v)
{
	return v ? "true" : "false";
}

static void conf_state_describe(const struct raft_conf_state *cs, struct strbuf *b)
{
	strbuf_puts(b, "Voters:");
	raft_ids_describe(&cs->voters, b);
	strbuf_puts(b, " VotersOutgoing:");
	raft_ids_describe(&cs->voters_outgoing, b);
	strbuf_puts(b, " Learners:");
	raft_ids_describe(&cs->learners, b);
	strbuf_puts(b, " LearnersNext:");
	raft_ids_describe(&cs->learners_next, b);
	strbuf_printf(b, " AutoLeave:%s", bool_name(cs->auto_leave));
}

void raft_conf_state_string(const struct raft_conf_state *cs, struct strbuf *b)
{
	strbuf_putc(b, '{');
	raft_ids_describe(&cs->voters, b);
	strbuf_putc(b, ' ');
	raft_ids_describe(&cs->learners, b);
	strbuf_putc(b, ' ');
	raft_ids_describe(&cs->voters_outgoing, b);
	strbuf_putc(b, ' ');
	raft_ids_describe(&cs->learners_next, b);
	strbuf_printf(b, " %s}", bool_name(cs->auto_leave));
}

static void snapshot_string(const struct raft_snapshot *snap, struct strbuf *b)
{
	strbuf_printf(
		b, "Index:%llu Term:%llu ConfState:", snap->metadata.index, snap->metadata.term);
	conf_state_describe(&snap->metadata.conf_state, b);
}

/* ---- Membership changes ------------------------------------------------- */

const char *raft_conf_change_type_name(enum raft_conf_change_type type)
{
	switch (type) {
	case RAFT_CONF_CHANGE_ADD_NODE:
		return "ConfChangeAddNode";
	case RAFT_CONF_CHANGE_REMOVE_NODE:
		return "ConfChangeRemoveNode";
	case RAFT_CONF_CHANGE_UPDATE_NODE:
		return "ConfChangeUpdateNode";
	case RAFT_CONF_CHANGE_ADD_LEARNER_NODE:
		return "ConfChangeAddLearnerNode";
	}
	return "unknown conf change type";
}

static const char *transition_name(enum raft_conf_change_transition t)
{
	switch (t) {
	case RAFT_CONF_CHANGE_TRANSITION_AUTO:
		return "ConfChangeTransitionAuto";
	case RAFT_CONF_CHANGE_TRANSITION_JOINT_IMPLICIT:
		return "ConfChangeTransitionJointImplicit";
	case RAFT_CONF_CHANGE_TRANSITION_JOINT_EXPLICIT:
		return "ConfChangeTransitionJointExplicit";
	}
	return "unknown conf change transition";
}

/* bytes_string writes "[97 98]". */
static void bytes_string(const unsigned char *data, size_t len, struct strbuf *b)
{
	strbuf_putc(b, '[');
	for (size_t i = 0; i < len; i++)
		strbuf_printf(b, "%s%u", i ? " " : "", data[i]);
	strbuf_putc(b, ']');
}

void raft_conf_change_string(
	const struct raft_entry *e, const struct raft_conf_change_v2 *cc, struct strbuf *b)
{
	struct raft_conf_change v1;

	strbuf_putc(b, '{');
	if (e->type == RAFT_ENTRY_CONF_CHANGE &&
		raftpb_conf_change_decode(e->data, e->len, &v1) == RAFT_OK) {
		strbuf_printf(b, "%s %llu ", raft_conf_change_type_name(v1.type), v1.node_id);
		bytes_string(v1.context, v1.context_len, b);
		strbuf_printf(b, " %llu}", (unsigned long long)v1.id);
		return;
	}
	strbuf_printf(b, "%s [", transition_name(cc->transition));
	for (size_t i = 0; i < cc->changes_len; i++)
		strbuf_printf(b, "%s{%s %llu}", i ? " " : "",
			raft_conf_change_type_name(cc->changes[i].type), cc->changes[i].node_id);
	strbuf_puts(b, "] ");
	bytes_string(cc->context, cc->context_len, b);
	strbuf_putc(b, '}');
}

/* changes_string writes "v1 l2 r3": what it takes to make the change in a script. */
static void changes_string(const struct raft_conf_change_v2 *cc, struct strbuf *b)
{
	for (size_t i = 0; i < cc->changes_len; i++) {
		static const char letters[] = {
			[RAFT_CONF_CHANGE_ADD_NODE] = 'v',
			[RAFT_CONF_CHANGE_REMOVE_NODE] = 'r',
			[RAFT_CONF_CHANGE_UPDATE_NODE] = 'u',
			[RAFT_CONF_CHANGE_ADD_LEARNER_NODE] = 'l',
		};
		strbuf_printf(b, "%s%c%llu", i ? " " : "", letters[cc->changes[i].type],
			cc->changes[i].node_id);
	}
}

/* ---- Entries ------------------------------------------------------------ */

/* payload_string writes what the entry is about; nothing, for an empty change. */
static void payload_string(const struct raft_entry *e, raft_entry_formatter f, struct strbuf *b)
{
	if (e->type != RAFT_ENTRY_NORMAL) {
		struct raft_conf_change_v2 cc;
		if (raftpb_entry_conf_change_decode(e, &cc) != RAFT_OK) {
			strbuf_puts(b, raft_strerror(RAFT_ERR_MALFORMED));
			return;
		}
		changes_string(&cc, b);
		raftpb_conf_change_v2_free(&cc);
	} else if (f) {
		char *text = f(e->data, e->len);
		strbuf_puts(b, text);
		free(text);
	} else {
		strbuf_quote(b, e->data, e->len);
	}
}

static void entry_string(const struct raft_entry *e, raft_entry_formatter f, struct strbuf *b)
{
	struct strbuf payload = {0};

	payload_string(e, f, &payload);
	strbuf_printf(b, "%llu/%llu %s", e->term, e->index, raft_entry_type_name(e->type));
	if (payload.len > 0)
		strbuf_printf(b, " %s", payload.s);
	strbuf_free(&payload);
}

static void entries_string(
	const struct raft_entry *ents, size_t len, raft_entry_formatter f, struct strbuf *b)
{
	for (size_t i = 0; i < len; i++) {
		entry_string(&ents[i], f, b);
		strbuf_putc(b, '\n');
	}
}

/* ---- Messages ----------------------------------------------------------- */

static void target_string(raft_id id, struct strbuf *b)
{
	if (id == RAFT_NONE)
		strbuf_puts(b, "None");
	else if (id == RAFT_LOCAL_APPEND_THREAD)
		strbuf_puts(b, "AppendThread");
	else if (id == RAFT_LOCAL_APPLY_THREAD)
		strbuf_puts(b, "ApplyThread");
	else
		strbuf_printf(b, "%llx", id);
}

static void message_entries_string(
	int indent, const struct raft_message *m, raft_entry_formatter f, struct strbuf *b)
{
	if (m->entries.len == 1) {
		strbuf_puts(b, " Entries:[");
		entry_string(&m->entries.v[0], f, b);
		strbuf_puts(b, "]");
	} else if (m->entries.len > 1) {
		strbuf_puts(b, " Entries:[");
		for (uint32_t i = 0; i < m->entries.len; i++) {
			strbuf_printf(b, "\n%*s  ", indent, "");
			entry_string(&m->entries.v[i], f, b);
		}
		strbuf_printf(b, "\n%*s]", indent, "");
	}
}

static void message_string(
	int indent, const struct raft_message *m, raft_entry_formatter f, struct strbuf *b)
{
	strbuf_printf(b, "%*s", indent, "");
	target_string(m->from, b);
	strbuf_puts(b, "->");
	target_string(m->to, b);
	strbuf_printf(b, " %s Term:%llu Log:%llu/%llu", raft_message_type_name(m->type), m->term,
		m->log_term, m->index);
	if (m->reject)
		strbuf_printf(b, " Rejected (Hint: %llu)", m->reject_hint);
	if (m->commit != 0)
		strbuf_printf(b, " Commit:%llu", m->commit);
	if (m->vote != 0)
		strbuf_printf(b, " Vote:%llu", m->vote);
	message_entries_string(indent, m, f, b);
	if (!raft_snapshot_empty(m->snapshot)) {
		strbuf_printf(b, "\n%*s  Snapshot: ", indent, "");
		snapshot_string(m->snapshot, b);
	}
	if (m->responses.len > 0) {
		strbuf_puts(b, " Responses:[");
		for (uint32_t i = 0; i < m->responses.len; i++) {
			strbuf_putc(b, '\n');
			message_string(indent + 2, &m->responses.v[i], f, b);
		}
		strbuf_printf(b, "\n%*s]", indent, "");
	}
}

/* ---- Ready -------------------------------------------------------------- */

static void read_states_string(const struct raft_ready *rd, struct strbuf *b)
{
	strbuf_puts(b, "ReadStates [");
	for (size_t i = 0; i < rd->read_states_len; i++) {
		const struct raft_read_state *rs = &rd->read_states[i];
		strbuf_printf(b, "%s{%llu ", i ? " " : "", rs->index);
		bytes_string(raft_context_data(&rs->request_ctx), rs->request_ctx.len, b);
		strbuf_putc(b, '}');
	}
	strbuf_puts(b, "]\n");
}

static void ready_string(const struct raft_ready *rd, raft_entry_formatter f, struct strbuf *b)
{
	if (rd->soft_state) {
		soft_state_string(*rd->soft_state, b);
		strbuf_putc(b, '\n');
	}
	if (!raft_hard_state_empty(rd->hard_state)) {
		strbuf_puts(b, "HardState ");
		hard_state_string(rd->hard_state, b);
		strbuf_putc(b, '\n');
	}
	if (rd->read_states_len > 0)
		read_states_string(rd, b);
	if (rd->entries_len > 0) {
		strbuf_puts(b, "Entries:\n");
		entries_string(rd->entries, rd->entries_len, f, b);
	}
	if (!raft_snapshot_empty(rd->snapshot)) {
		strbuf_puts(b, "Snapshot ");
		snapshot_string(rd->snapshot, b);
		strbuf_putc(b, '\n');
	}
	if (rd->committed_entries_len > 0) {
		strbuf_puts(b, "CommittedEntries:\n");
		entries_string(rd->committed_entries, rd->committed_entries_len, f, b);
	}
	if (rd->messages_len > 0) {
		strbuf_puts(b, "Messages:\n");
		for (size_t i = 0; i < rd->messages_len; i++) {
			message_string(0, &rd->messages[i], f, b);
			strbuf_putc(b, '\n');
		}
	}
}

/* ---- The public faces --------------------------------------------------- */

char *raft_describe_message(const struct raft_message *m, raft_entry_formatter f)
{
	struct strbuf b = {0};
	message_string(0, m, f, &b);
	return strbuf_take(&b);
}

char *raft_describe_entry(const struct raft_entry *e, raft_entry_formatter f)
{
	struct strbuf b = {0};
	entry_string(e, f, &b);
	return strbuf_take(&b);
}

char *raft_describe_entries(const struct raft_entry *ents, size_t len, raft_entry_formatter f)
{
	struct strbuf b = {0};
	entries_string(ents, len, f, &b);
	return strbuf_take(&b);
}

char *raft_describe_ready(const struct raft_ready *rd, raft_entry_formatter f)
{
	struct strbuf inner = {0}, b = {0};

	ready_string(rd, f, &inner);
	if (inner.len == 0)
		strbuf_puts(&b, "<empty Ready>");
	else
		strbuf_printf(&b, "Ready MustSync=%s:\n%s", bool_name(rd->must_sync), inner.s);
	strbuf_free(&inner);
	return strbuf_take(&b);
}

char *raft_describe_hard_state(struct raft_hard_state hs)
{
	struct strbuf b = {0};
	hard_state_string(hs, &b);
	return strbuf_take(&b);
}

char *raft_describe_soft_state(struct raft_soft_state ss)
{
	struct strbuf b = {0};
	soft_state_string(ss, &b);
	return strbuf_take(&b);
}

char *raft_describe_conf_state(const struct raft_conf_state *cs)
{
	struct strbuf b = {0};
	conf_state_describe(cs, &b);
	return strbuf_take(&b);
}

char *raft_describe_snapshot(const struct raft_snapshot *snap)
{
	struct strbuf b = {0};
	snapshot_string(snap, &b);
	return strbuf_take(&b);
}
