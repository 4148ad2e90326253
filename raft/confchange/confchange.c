/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes. Each one works on a copy of the configuration and of the
 * members, checks the invariants before and after, and returns the copy or
 * nothing.
 */
#include "raft/raft_internal.h"

#include <stdarg.h>
#include <stdio.h>

/* A change on its way: c is what it starts from, cfg and trk what it makes. */
struct change {
	const struct confchange_changer *c;
	struct tracker_config cfg;
	struct progress_map trk;
	struct confchange_error *err;
};

RAFT_PRINTF(2, 3) static bool refuse(struct change *ch, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(ch->err->text, sizeof(ch->err->text), fmt, ap);
	va_end(ap);
	return false;
}

static struct raft_ids *incoming(struct tracker_config *cfg)
{
	return &cfg->voters.v[0];
}

static struct raft_ids *outgoing(struct tracker_config *cfg)
{
	return &cfg->voters.v[1];
}

static bool is_joint(const struct tracker_config *cfg)
{
	return cfg->voters.v[1].len > 0;
}

/* ---- Invariants --------------------------------------------------------- */

static bool check_have_progress(struct change *ch, const struct raft_ids *ids)
{
	for (uint32_t i = 0; i < ids->len; i++) {
		if (!progress_map_get(&ch->trk, ids->id[i]))
			return refuse(ch, "no progress for %llu", ids->id[i]);
	}
	return true;
}

/* Who waits to become a learner does so because it is an outgoing voter. */
static bool check_learners_next(struct change *ch)
{
	const struct raft_ids *next = &ch->cfg.learners_next;
	for (uint32_t i = 0; i < next->len; i++) {
		raft_id id = next->id[i];
		if (!raft_ids_has(outgoing(&ch->cfg), id))
			return refuse(ch, "%llu is in LearnersNext, but not Voters[1]", id);
		if (progress_map_get(&ch->trk, id)->is_learner)
			return refuse(ch,
				"%llu is in LearnersNext, but is already marked as learner", id);
	}
	/* Not the original's: they must have room to become learners. */
	if (next->len + ch->cfg.learners.len > RAFT_MAX_MEMBERS)
		return refuse(ch, "%s", raft_strerror(RAFT_ERR_TOO_MANY_MEMBERS));
	return true;
}

static bool check_learners(struct change *ch)
{
	const struct raft_ids *learners = &ch->cfg.learners;
	for (uint32_t i = 0; i < learners->len; i++) {
		raft_id id = learners->id[i];
		if (raft_ids_has(outgoing(&ch->cfg), id))
			return refuse(ch, "%llu is in Learners and Voters[1]", id);
		if (raft_ids_has(incoming(&ch->cfg), id))
			return refuse(ch, "%llu is in Learners and Voters[0]", id);
		if (!progress_map_get(&ch->trk, id)->is_learner)
			return refuse(ch, "%llu is in Learners, but is not marked as learner", id);
	}
	return true;
}

/* An empty configuration passes: it is where every other one comes from. */
static bool check_invariants(struct change *ch)
{
	if (!check_have_progress(ch, incoming(&ch->cfg)) ||
		!check_have_progress(ch, outgoing(&ch->cfg)) ||
		!check_have_progress(ch, &ch->cfg.learners) ||
		!check_have_progress(ch, &ch->cfg.learners_next) || !check_learners_next(ch) ||
		!check_learners(ch))
		return false;
	/* That learners_next is empty then follows from check_learners_next(). */
	if (!is_joint(&ch->cfg) && ch->cfg.auto_leave)
		return refuse(ch, "AutoLeave must be false when not joint");
	return true;
}

/* ---- Single changes ----------------------------------------------------- */

static bool full(struct change *ch)
{
	return refuse(ch, "%s", raft_strerror(RAFT_ERR_TOO_MANY_MEMBERS));
}

static bool init_progress(struct change *ch, raft_id id, bool is_learner)
{
	struct progress pr = {
		.id = id,
		/* Probing begins at our last entry: optimistic, but one rejection
		 * says better. */
		.next = RAFT_MAX(ch->c->last_index, 1),
		.is_learner = is_learner,
		/* Else check_quorum might depose us before the new member had a
		 * chance to say anything. */
		.recent_active = true,
	};
	inflights_init(
		&pr.inflights, ch->c->tracker->max_inflight, ch->c->tracker->max_inflight_bytes);
	if (!raft_ids_add(is_learner ? &ch->cfg.learners : incoming(&ch->cfg), id))
		return full(ch);
	progress_map_put(&ch->trk, &pr);
	return true;
}

static bool make_voter(struct change *ch, raft_id id)
{
	struct progress *pr = progress_map_get(&ch->trk, id);
	if (!pr)
		return init_progress(ch, id, false);

	pr->is_learner = false;
	raft_ids_del(&ch->cfg.learners, id);
	raft_ids_del(&ch->cfg.learners_next, id);
	return raft_ids_add(incoming(&ch->cfg), id) || full(ch);
}

/* drop_roles takes id out of all but the outgoing half, which never changes
 * while a configuration is joint. */
static void drop_roles(struct change *ch, raft_id id)
{
	raft_ids_del(incoming(&ch->cfg), id);
	raft_ids_del(&ch->cfg.learners, id);
	raft_ids_del(&ch->cfg.learners_next, id);
}

static bool make_learner(struct change *ch, raft_id id)
{
	struct progress *pr = progress_map_get(&ch->trk, id);
	if (!pr)
		return init_progress(ch, id, true);
	if (pr->is_learner)
		return true;

	drop_roles(ch, id);
	/* An outgoing voter still votes, and nobody is voter and learner at a
	 * time; so it becomes one when the joint configuration is left. */
	if (raft_ids_has(outgoing(&ch->cfg), id))
		return raft_ids_add(&ch->cfg.learners_next, id) || full(ch);
	pr->is_learner = true;
	return raft_ids_add(&ch->cfg.learners, id) || full(ch);
}

static void remove_node(struct change *ch, raft_id id)
{
	if (!progress_map_get(&ch->trk, id))
		return;
	drop_roles(ch, id);
	if (!raft_ids_has(outgoing(&ch->cfg), id))
		progress_map_del(&ch->trk, id);
}

static bool apply_single(struct change *ch, const struct raft_conf_change_single *cc)
{
	/* etcd zeroes the id of a change that it has decided not to make. */
	if (cc->node_id == RAFT_NONE)
		return true;
	switch (cc->type) {
	case RAFT_CONF_CHANGE_ADD_NODE:
		return make_voter(ch, cc->node_id);
	case RAFT_CONF_CHANGE_ADD_LEARNER_NODE:
		return make_learner(ch, cc->node_id);
	case RAFT_CONF_CHANGE_REMOVE_NODE:
		remove_node(ch, cc->node_id);
		return true;
	case RAFT_CONF_CHANGE_UPDATE_NODE:
		return true;
	}
	return refuse(ch, "unexpected conf type %d", (int)cc->type);
}

static bool apply(struct change *ch, const struct raft_conf_change_single *ccs, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!apply_single(ch, &ccs[i]))
			return false;
	}
	if (incoming(&ch->cfg)->len == 0)
		return refuse(ch, "removed all voters");
	return true;
}

/* ---- Whole changes ------------------------------------------------------ */

static bool begin(
	struct change *ch, const struct confchange_changer *c, struct confchange_error *err)
{
	ch->c = c;
	ch->cfg = c->tracker->config;
	ch->trk = progress_map_copy(&c->tracker->progress);
	ch->err = err;
	return check_invariants(ch);
}

/* end hands out the result if all went well, and drops it if not. */
static bool end(struct change *ch, bool ok, struct confchange_result *result)
{
	if (ok && check_invariants(ch)) {
		result->config = ch->cfg;
		result->progress = ch->trk;
		return true;
	}
	progress_map_discard(&ch->trk, &ch->c->tracker->progress);
	return false;
}

/* symdiff counts the ids that are in one of two sets. */
static size_t symdiff(const struct raft_ids *l, const struct raft_ids *r)
{
	raft_id both[2 * RAFT_MAX_MEMBERS];
	return 2 * raft_ids_union(l, r, both) - l->len - r->len;
}

static bool simple(struct change *ch, const struct raft_conf_change_single *ccs, size_t len)
{
	if (is_joint(&ch->cfg))
		return refuse(ch, "can't apply simple config change in joint config");
	if (!apply(ch, ccs, len))
		return false;
	/* Old and new majorities overlap if they differ in one voter (thesis
	 * section 4.2.2); beyond that it takes a joint configuration. */
	if (symdiff(&ch->c->tracker->config.voters.v[0], incoming(&ch->cfg)) > 1)
		return refuse(ch, "more than one voter changed without entering joint config");
	return true;
}

bool confchange_simple(const struct confchange_changer *c,
	const struct raft_conf_change_single *ccs, size_t len, struct confchange_result *result,
	struct confchange_error *err)
{
	struct change ch;
	return end(&ch, begin(&ch, c, err) && simple(&ch, ccs, len), result);
}

static bool enter_joint(
	struct change *ch, bool auto_leave, const struct raft_conf_change_single *ccs, size_t len)
{
	if (is_joint(&ch->cfg))
		return refuse(ch, "config is already joint");
	/* Members may be added to an empty configuration (that is how the first
	 * one is made), but not by way of a joint one. */
	if (incoming(&ch->cfg)->len == 0)
		return refuse(ch, "can't make a zero-voter config joint");
	*outgoing(&ch->cfg) = *incoming(&ch->cfg);
	if (!apply(ch, ccs, len))
		return false;
	ch->cfg.auto_leave = auto_leave;
	return true;
}

bool confchange_enter_joint(const struct confchange_changer *c, bool auto_leave,
	const struct raft_conf_change_single *ccs, size_t len, struct confchange_result *result,
	struct confchange_error *err)
{
	struct change ch;
	return end(&ch, begin(&ch, c, err) && enter_joint(&ch, auto_leave, ccs, len), result);
}

static bool leave_joint(struct change *ch)
{
	struct tracker_config *cfg = &ch->cfg;
	if (!is_joint(cfg))
		return refuse(ch, "can't leave a non-joint config");

	for (uint32_t i = 0; i < cfg->learners_next.len; i++) {
		raft_id id = cfg->learners_next.id[i];
		raft_ids_add(&cfg->learners, id); /* check_learners_next(): there is room */
		progress_map_get(&ch->trk, id)->is_learner = true;
	}
	cfg->learners_next.len = 0;

	for (uint32_t i = 0; i < outgoing(cfg)->len; i++) {
		raft_id id = outgoing(cfg)->id[i];
		if (!raft_ids_has(incoming(cfg), id) && !raft_ids_has(&cfg->learners, id))
			progress_map_del(&ch->trk, id);
	}
	outgoing(cfg)->len = 0;
	cfg->auto_leave = false;
	return true;
}

bool confchange_leave_joint(const struct confchange_changer *c, struct confchange_result *result,
	struct confchange_error *err)
{
	struct change ch;
	return end(&ch, begin(&ch, c, err) && leave_joint(&ch), result);
}

/* ---- Words -------------------------------------------------------------- */

void confchange_describe(const struct raft_conf_change_single *ccs, size_t len, struct strbuf *b)
{
	for (size_t i = 0; i < len; i++) {
		strbuf_printf(b, "%s%s(%llu)", i ? " " : "",
			raft_conf_change_type_name(ccs[i].type), ccs[i].node_id);
	}
}
