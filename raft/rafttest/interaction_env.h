/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interaction environment: a cluster in one process, of which a script moves
 * every single message. What its files share; scripts are run by datadriven.h.
 * The original: package rafttest, InteractionEnv.
 */
#ifndef RAFTTEST_INTERACTION_ENV_H
#define RAFTTEST_INTERACTION_ENV_H

#include "raft/raft_internal.h"
#include "raft/rafttest/datadriven.h"

/* Beyond any story; a bound, so that a script cannot eat all memory. */
#define INTERACTION_MAX_NODES 128

/* Raft's view of a node's log: a MemoryStorage, but for its snapshots. */
struct interaction_storage {
	struct raft_storage base;
	struct raft_memory_storage *ms;
	/* The state after the last applied entry. Raft asking for a snapshot gets
	 * this. Never NULL. */
	struct raft_snapshot *newest;
};

struct interaction_node {
	raft_id id;
	struct raft_rawnode *rn;
	struct interaction_storage storage;
	bool async_storage_writes;
	struct raft_messages append_work; /* MsgStorageAppend not yet processed */
	struct raft_messages apply_work;  /* MsgStorageApply not yet processed */
};

struct interaction_env {
	/* First, so that raft's logger is the environment. Its level silences the
	 * commands, too, when it is RAFT_LOG_NONE. */
	struct raft_logger logger;

	struct interaction_node **nodes; /* of ids 1, 2, 3, ... */
	uint32_t nodes_len, nodes_cap;
	struct raft_messages messages; /* on their way */

	struct strbuf *out;
	struct strbuf indented; /* what out is between interaction_indent and _outdent */
	struct strbuf *outer;   /* what it was before */
	struct strbuf error;    /* the present command failed with this */
};

/* ---- Output (interaction_env.c) ------------------------------------------ */

/* interaction_printf writes output, unless the environment is silenced. */
void interaction_printf(struct interaction_env *env, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* interaction_print writes text and frees it. */
void interaction_print(struct interaction_env *env, char *text);

/* interaction_indent indents the output up to interaction_outdent by two
 * spaces. Not to be nested. */
void interaction_indent(struct interaction_env *env);
void interaction_outdent(struct interaction_env *env);

/* interaction_errorf says why the present command fails, which is output like
 * any other, and is never silenced. Returns: false. */
bool interaction_errorf(struct interaction_env *env, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* interaction_check is interaction_errorf for an error of raft, if it is one. */
bool interaction_check(struct interaction_env *env, enum raft_error err);

/* interaction_set_level: of the log; false and an error if name is none. */
bool interaction_set_level(struct interaction_env *env, const char *name);

/* ---- Arguments (interaction_env.c) ---------------------------------------- */

/* These give up the script if the argument is not there or names no node. */

/* interaction_first_node is the node that the first argument names. */
struct interaction_node *interaction_first_node(
	struct interaction_env *env, const struct datadriven_cmd *d);
/* interaction_number reads the key of argument i. */
long long interaction_number(const struct datadriven_cmd *d, size_t i);
struct interaction_node *interaction_node_by_number(
	struct interaction_env *env, const struct datadriven_cmd *d, long long n);

/* interaction_next_node goes through the arguments that have no values: they name
 * nodes. *i is where to go on. Returns: NULL after the last one. */
struct interaction_node *interaction_next_node(
	struct interaction_env *env, const struct datadriven_cmd *d, size_t *i);
/* interaction_count_nodes: how many arguments have no values. */
size_t interaction_count_nodes(const struct datadriven_cmd *d);

/* ---- Commands -------------------------------------------------------------- */

/* Each runs one command. Returns: false if it failed, with the error said. */
typedef bool interaction_handler(struct interaction_env *env, const struct datadriven_cmd *d);

/* interaction_env_nodes.c */
interaction_handler interaction_add_nodes;
void interaction_node_free(struct interaction_node *n);

/* interaction_env_storage.c */
interaction_handler interaction_process_ready;
interaction_handler interaction_process_append_thread;
interaction_handler interaction_process_apply_thread;
bool interaction_node_ready(struct interaction_env *env, struct interaction_node *n);
bool interaction_node_append(struct interaction_env *env, struct interaction_node *n);
bool interaction_node_apply(struct interaction_env *env, struct interaction_node *n);

/* interaction_env_network.c */
interaction_handler interaction_deliver_msgs;
interaction_handler interaction_send_snapshot;
interaction_handler interaction_stabilize;

/* interaction_env_commands.c */
interaction_handler interaction_campaign;
interaction_handler interaction_compact;
interaction_handler interaction_forget_leader;
interaction_handler interaction_log_level;
interaction_handler interaction_propose;
interaction_handler interaction_propose_conf_change;
interaction_handler interaction_report_unreachable;
interaction_handler interaction_set_randomized_election_timeout;
interaction_handler interaction_tick_election;
interaction_handler interaction_tick_heartbeat;
interaction_handler interaction_transfer_leadership;

/* interaction_env_show.c */
interaction_handler interaction_raft_log;
interaction_handler interaction_raft_state;
interaction_handler interaction_status;
bool interaction_node_show_log(struct interaction_env *env, struct interaction_node *n);

#endif
