/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the interaction environment that do one thing to one node.
 */
#include "raft/rafttest/conf_changes.h"
#include "raft/rafttest/interaction_env.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* campaign 1 */
bool interaction_campaign(struct interaction_env *env, const struct datadriven_cmd *d)
{
	return interaction_check(env, raft_rawnode_campaign(interaction_first_node(env, d)->rn));
}

/* compact 1 5: discards the log of 1 up to index 5, and shows what is left. */
bool interaction_compact(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n = interaction_first_node(env, d);
	unsigned long long index = 0;

	if (d->args_len < 2)
		datadriven_fatalf(d, "argument 2 is missing: an index");

	const char *why = datadriven_parse_uint(d->args[1].key, &index);
	if (why) {
		datadriven_number_error(&env->error, "ParseUint", d->args[1].key, why);
		return false;
	}
	return interaction_check(env, raft_memory_storage_compact(n->storage.ms, index)) &&
	       interaction_node_show_log(env, n);
}

/* forget-leader 1 */
bool interaction_forget_leader(struct interaction_env *env, const struct datadriven_cmd *d)
{
	raft_rawnode_forget_leader(interaction_first_node(env, d)->rn);
	return true;
}

/* log-level debug|info|warn|error|fatal|none: of raft's log; none silences the
 * output of commands, too, but for their errors. */
bool interaction_log_level(struct interaction_env *env, const struct datadriven_cmd *d)
{
	if (d->args_len == 0)
		datadriven_fatalf(d, "argument 1 is missing: a level");
	return interaction_set_level(env, d->args[0].key);
}

/* propose 1 data */
bool interaction_propose(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n = interaction_first_node(env, d);

	if (d->args_len != 2 || d->args[1].vals_len > 0)
		datadriven_fatalf(d, "expected exactly one key with no vals");

	const char *data = d->args[1].key;
	return interaction_check(env, raft_rawnode_propose(n->rn, data, strlen(data)));
}

/* ---- propose-conf-change ---------------------------------------------------------- */

struct conf_change_args {
	bool v1;
	enum raft_conf_change_transition transition;
};

static bool scan_transition(
	struct interaction_env *env, const char *val, enum raft_conf_change_transition *transition)
{
	if (strcmp(val, "auto") == 0)
		*transition = RAFT_CONF_CHANGE_TRANSITION_AUTO;
	else if (strcmp(val, "implicit") == 0)
		*transition = RAFT_CONF_CHANGE_TRANSITION_JOINT_IMPLICIT;
	else if (strcmp(val, "explicit") == 0)
		*transition = RAFT_CONF_CHANGE_TRANSITION_JOINT_EXPLICIT;
	else
		return interaction_errorf(env, "unknown transition %s", val);
	return true;
}

static bool scan_conf_change_arg(struct interaction_env *env, const struct datadriven_arg *arg,
	size_t i, struct conf_change_args *args)
{
	const char *val = arg->vals[i], *why;

	if (strcmp(arg->key, "transition") == 0)
		return scan_transition(env, val, &args->transition);
	if (strcmp(arg->key, "v1") != 0)
		return interaction_errorf(env, "unknown command %s", arg->key);
	if (!(why = datadriven_parse_bool(val, &args->v1)))
		return true;
	datadriven_number_error(&env->error, "ParseBool", val, why);
	return false;
}

static bool propose_changes(struct interaction_env *env, struct interaction_node *n,
	const struct conf_change_args *args, const struct conf_changes *ccs)
{
	if (!args->v1)
		return interaction_check(env, raft_rawnode_propose_conf_change_v2(
						      n->rn, &(struct raft_conf_change_v2){
								     .transition = args->transition,
								     .changes = ccs->v,
								     .changes_len = ccs->len,
							     }));
	if (ccs->len > 1 || args->transition != RAFT_CONF_CHANGE_TRANSITION_AUTO)
		return interaction_errorf(
			env, "v1 conf change can only have one operation and no transition");
	return interaction_check(
		env, raft_rawnode_propose_conf_change(n->rn, &(struct raft_conf_change){
								     .type = ccs->v[0].type,
								     .node_id = ccs->v[0].node_id,
							     }));
}

/* propose-conf-change 1 v1=true|transition=auto|implicit|explicit, and as input
 * "v2 l3 r4": see conf_changes.h. No input leaves a joint configuration. */
bool interaction_propose_conf_change(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n = interaction_first_node(env, d);
	struct conf_change_args args = {.transition = RAFT_CONF_CHANGE_TRANSITION_AUTO};
	struct conf_changes ccs = {0};

	for (size_t k = 1; k < d->args_len; k++)
		for (size_t i = 0; i < d->args[k].vals_len; i++)
			if (!scan_conf_change_arg(env, &d->args[k], i, &args))
				return false;
	if (args.v1 && !*d->input)
		datadriven_fatalf(d, "v1=true needs a change as input");

	bool ok = conf_changes_parse(d->input, &ccs, &env->error) &&
		  propose_changes(env, n, &args, &ccs);
	free(ccs.v);
	return ok;
}

/* ---- And the others ------------------------------------------------------------------ */

/* report-unreachable 1 2: tells 1 that a message to 2 was lost. */
bool interaction_report_unreachable(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n[2];
	size_t i = 0;

	if (interaction_count_nodes(d) != 2)
		return interaction_errorf(env,
			"must specify exactly two node indexes: node on which to report, "
			"and reported node");
	n[0] = interaction_next_node(env, d, &i);
	n[1] = interaction_next_node(env, d, &i);
	raft_rawnode_report_unreachable(n[0]->rn, n[1]->id);
	return true;
}

/* set-randomized-election-timeout 1 timeout=5: until it is drawn anew. */
bool interaction_set_randomized_election_timeout(
	struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n = interaction_first_node(env, d);
	long long timeout = datadriven_scan_int(d, datadriven_only_value(d, "timeout"), 0);

	if (timeout == 0)
		datadriven_fatalf(d, "timeout must not be 0");
	timeout = RAFT_MAX(RAFT_MIN(timeout, INT_MAX), INT_MIN);
	n->rn->raft->randomized_election_timeout = (int)timeout;
	return true;
}

static bool tick(struct interaction_node *n, int times)
{
	while (times-- > 0)
		raft_rawnode_tick(n->rn);
	return true;
}

/* tick-election 1: as many ticks as an election timeout has at least. */
bool interaction_tick_election(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n = interaction_first_node(env, d);

	return tick(n, n->rn->raft->election_timeout);
}

/* tick-heartbeat 1: as many ticks as there are between heartbeats. */
bool interaction_tick_heartbeat(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *n = interaction_first_node(env, d);

	return tick(n, n->rn->raft->heartbeat_timeout);
}

static struct interaction_node *node_argument(
	struct interaction_env *env, const struct datadriven_cmd *d, const char *key)
{
	unsigned long long id = datadriven_scan_uint(d, datadriven_only_value(d, key), 0);

	if (id < 1 || id > env->nodes_len)
		datadriven_fatalf(
			d, "expected valid \"%s\" argument: there is no node %llu", key, id);
	return env->nodes[id - 1];
}

/* transfer-leadership from=1 to=4 */
bool interaction_transfer_leadership(struct interaction_env *env, const struct datadriven_cmd *d)
{
	struct interaction_node *from = node_argument(env, d, "from");
	struct interaction_node *to = node_argument(env, d, "to");

	raft_rawnode_transfer_leader(from->rn, to->id);
	return true;
}
