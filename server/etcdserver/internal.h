/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of etcdserver/ share. */
#ifndef SERVER_ETCDSERVER_INTERNAL_H
#define SERVER_ETCDSERVER_INTERNAL_H

#include <stdatomic.h>

#include "raft/raft.h"
#include "server/etcdserver/etcdserver.h"
#include "server/etcdserver/membership.h"
#include "server/etcdserver/wait.h"
#include "server/mailbox.h"
#include "server/mvcc/kvstore.h"
#include "server/wal/wal.h"

enum {
	/* etcd's maxGapBetweenApplyAndCommitIndex: beyond it, no new proposals. */
	MAX_APPLY_GAP = 5000,
	/* Closed WAL files that are kept; etcd's --max-wals. */
	MAX_WALS = 5,
};

/* A snapshot record goes into the WAL each time this many entries have been
 * applied since the last: a restart reads the WAL from there. etcd's default of
 * --snapshot-count, 100000; tests set a smaller one. */
extern uint64_t etcdserver_snapshot_count;

/* --- what the threads send each other ------------------------------------------ */

enum mail_kind {
	/* to the raft thread */
	MAIL_PROPOSAL,  /* struct proposal */
	MAIL_READ,      /* struct rpc_call: linearizable */
	MAIL_SAVED,     /* struct work, back from the WAL thread */
	MAIL_NOT_SAVED, /* the same, of what could not be saved */
	MAIL_APPLIED,   /* struct work, back from the apply thread */
	MAIL_WAKE,      /* struct mail: look at what the server's state is now */
	/* to the WAL thread */
	MAIL_SAVE,     /* struct work: a MsgStorageAppend */
	MAIL_SNAPSHOT, /* struct snapshot_mark: the store is durable up to here */
	/* to the apply thread */
	MAIL_APPLY,    /* struct work: a MsgStorageApply */
	MAIL_READ_AT,  /* struct read_batch */
	MAIL_READ_NOW, /* struct rpc_call: serializable */
	/* to any of them */
	MAIL_STOP, /* struct mail: finish what came before, then end */
};

/* A message of raft to one of its storage threads, on its way there and back. */
struct work {
	struct mail mail;
	struct raft_message m;
};

struct proposal {
	struct mail mail;
	uint64_t id; /* of the call that waits for it; 0: nobody does */
	uint64_t deadline_ns;
	struct raft_buf *data;
};

/* Calls to be answered when the entry index is applied; linked by mail.next. */
struct read_batch {
	struct mail mail;
	raft_index index;
	struct mail *calls;
	struct read_batch *next; /* the applier's list of those that wait */
};

struct snapshot_mark {
	struct mail mail;
	struct wal_snapshot at;
};

/* --- the parts ------------------------------------------------------------------- */

struct raft_thread {
	pthread_t thread;
	struct mailbox inbox;
	struct raft_rawnode *node;
	struct raft_memory_storage *storage;
	struct raft_logger logger;
	raft_index first_commit; /* to be applied before a lone voter campaigns */
	bool fast_forwarded;
	uint64_t next_tick_ns, tick_ns;
	uint64_t leaderless_warn_ns, database_warn_ns;
	uint64_t next_publish_ns;

	/* Proposals wait here while there is no leader. */
	struct mail *proposals, **proposals_tail;

	/* Reads: those that a ReadIndex under way will confirm, and those that
	 * have come since and will share the next one. */
	struct mail *reads_confirming;
	struct mail *reads_next, **reads_next_tail;
	uint64_t read_id, read_retry_ns;
	raft_term committed_term; /* of the last entry handed to the applier */

	raft_index compacted; /* the log in memory begins behind it */
	uint64_t bytes_since_compact;
	raft_index stable; /* the last entry that raft was told is saved, ... */
	raft_term stable_term;
	bool stopping;
};

struct wal_thread {
	pthread_t thread;
	struct mailbox inbox;
	struct wal *wal;
	struct raft_hard_state saved; /* the last that was appended */
	bool refused;                 /* entries that make no sense, which was logged */
};

struct apply_thread {
	pthread_t thread;
	struct mailbox inbox;
	struct arena requests, replies;
	struct read_batch *waiting; /* for an index that is not applied yet */
	struct mail *compactions;   /* calls that wait for a physical compaction */
	raft_index done;            /* in the store before this run: not to be applied twice */
	raft_index snapshot;        /* of the last record in the WAL */
	raft_term last_term;
	bool stopping;
};

struct etcdserver {
	const struct config *cfg;
	uint64_t member_id;
	uint64_t request_timeout_ns;
	int lock_fd; /* of the data directory */
	struct membership members;
	struct wait wait;
	struct backend *backend;
	struct kvstore *kv;
	struct raft_thread raft;
	struct wal_thread wal;
	struct apply_thread apply;

	/* etcd's idutil: two bytes of the member's id, then a counter that begins
	 * with the time of the start in units of 1/256 ms. */
	uint64_t id_prefix;
	_Atomic uint64_t id_suffix;

	/* Published for any thread to read. */
	_Atomic uint64_t term, leader, committed, applied;
	_Atomic int64_t revision;
	atomic_bool stopped; /* no call is taken any more */
	struct mail wake, stop_raft, stop_wal, stop_apply;
	atomic_bool published; /* this member's attributes are in the log */
	atomic_bool version_decided;
	atomic_bool wal_failing; /* nothing can be acknowledged at present */
};

/* etcdserver_release closes what is open and frees s; its threads don't run. */
bool etcdserver_release(struct etcdserver *s);

uint64_t etcdserver_next_id(struct etcdserver *s);

/* The threads' main functions; the argument is the struct etcdserver. */
void *etcdserver_raft_main(void *s);
void *etcdserver_wal_main(void *s);
void *etcdserver_apply_main(void *s);

/* etcdserver_encode_proposal makes the payload of an entry: an
 * InternalRaftRequest with a header of this id, whose field `field` is the
 * already encoded request. */
struct raft_buf *etcdserver_encode_proposal(
	unsigned field, const uint8_t *request, size_t len, uint64_t id);

/* etcdserver_encode_v2 makes the payload of a bare etcdserverpb.Request. */
struct raft_buf *etcdserver_encode_v2(uint64_t id, const char *path, const char *val);

#endif
