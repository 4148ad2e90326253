/* SPDX-License-Identifier: Apache-2.0 */
/* etcdserver: a member: raft, its log on disk, and the store that the log
 * builds. Three threads of its own, which hand work to each other through
 * mailboxes and share nothing else that changes:
 *
 *                    proposals, reads
 *                          │
 *                          ▼   entries to save           ┌──────────┐
 *      ticks ──► ┌───────────────────┐ ────────────────► │ WAL      │ one write and one
 *                │ raft              │ ◄──────────────── │ thread   │ fdatasync per batch
 *                │ thread (RawNode)  │   saved           └──────────┘
 *                │                   │ ────────────────► ┌──────────┐
 *                └───────────────────┘ ◄──────────────── │ apply    │──► store, membership
 *                              entries to apply, applied │ thread   │──► done(): the answer
 *                                                        └──────────┘
 *
 * Rules:
 *   1. The raft thread never waits for the disk: that is what raft's
 *      asynchronous storage writes are for. What is proposed while a sync is
 *      under way shares the next one.
 *   2. An entry is applied, and so answered, only when raft has committed it,
 *      which a lone voter does when the WAL thread has reported it saved.
 *   3. Reference counts of payloads belong to the raft thread. The other two
 *      read the bytes of a message's entries and send the message back to be
 *      freed.
 *   4. The store and the backend belong to the apply thread; all reading of
 *      them happens there.
 *   5. Each call is in one place at a time: in a mailbox, in one of the raft
 *      thread's lists, in the wait table, or with the applier; whoever takes
 *      it out answers it. So it is answered once, and never later than its
 *      time limit allows. */
#ifndef SERVER_ETCDSERVER_ETCDSERVER_H
#define SERVER_ETCDSERVER_ETCDSERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "server/config.h"
#include "server/etcdserver/call.h"
#include "server/etcdserverpb/rpc.pb-c.h"

struct etcdserver;

/* The release of etcd whose API this is. */
#define ETCDSERVER_VERSION "3.4.23"
#define ETCDSERVER_CLUSTER_VERSION "3.4.0"

/* etcdserver_open creates the member's data directory or takes up what is in
 * it: WAL, database, membership.
 *
 * Ownership:  cfg must outlive the server; etcdserver_close(*s) ends it.
 * Returns:    NULL, or what is wrong: one line, in a static buffer. */
const char *etcdserver_open(const struct config *cfg, struct etcdserver **s);

/* etcdserver_start starts the threads; a lone voter elects itself at once. */
void etcdserver_start(struct etcdserver *s);

/* etcdserver_stop answers all calls that are under way with RPC_STOPPED, and
 * from then on each new one at once. */
void etcdserver_stop(struct etcdserver *s);

/* etcdserver_close makes everything durable, stops the threads and frees s.
 * Requires: etcdserver_stop(s), and that nobody uses s any more.
 * Returns:  false if the last writes could not be made durable (it is logged). */
bool etcdserver_close(struct etcdserver *s);

/* etcdserver_propose puts the call's request into the log, as the field of an
 * InternalRaftRequest with this number; the answer is what applying it gives. */
void etcdserver_propose(struct etcdserver *s, struct rpc_call *call, unsigned field);

/* etcdserver_read answers the call's request from the store. linearizable: after
 * raft has confirmed that everything acknowledged so far is in it. */
void etcdserver_read(
	struct etcdserver *s, struct rpc_call *call, enum rpc_read read, bool linearizable);

/* What is known of the member, at this moment. Any thread. */
struct etcdserver_status {
	uint64_t cluster_id, member_id;
	uint64_t leader; /* 0: nobody */
	uint64_t term, committed, applied;
	int64_t revision;
	uint64_t db_size, db_size_in_use;
};

void etcdserver_status(struct etcdserver *s, struct etcdserver_status *st);
uint64_t etcdserver_leader(struct etcdserver *s);
/* etcdserver_can_write: there is a leader, what this member says of itself when
 * it starts has been committed, and the WAL can be written. */
bool etcdserver_can_write(struct etcdserver *s);
const struct config *etcdserver_config(struct etcdserver *s);
/* etcdserver_members fills in the members, in arena. */
void etcdserver_members(
	struct etcdserver *s, struct arena *arena, Etcdserverpb__MemberListResponse *resp);
/* etcdserver_cluster_version: "3.4.0", or "not_decided". */
void etcdserver_cluster_version(struct etcdserver *s, char version[16]);

#endif
