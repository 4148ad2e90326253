/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libraft: etcd's raft library, in C.
 *
 * A port of go.etcd.io/raft/v3, release v3.6.0: leader election with pre-vote
 * and check-quorum, log replication with flow control, membership changes
 * (simple and joint), snapshots, linearizable reads, leader transfer, and
 * asynchronous storage writes. The library is the state machine alone: it does
 * no I/O, starts no thread and reads no clock. You give it ticks, messages and
 * a view of your log; it tells you what to write, what to send and what to
 * apply.
 *
 *	struct raft_memory_storage *ms = raft_memory_storage_new();
 *	struct raft_config c = {
 *		.id = 1, .election_tick = 10, .heartbeat_tick = 1,
 *		.storage = raft_memory_storage_base(ms),
 *		.max_size_per_msg = 1 << 20, .max_inflight_msgs = 256,
 *	};
 *	struct raft_rawnode *rn;
 *	raft_rawnode_new(&c, &rn);
 *	for (;;) {
 *		... raft_rawnode_tick(rn), raft_rawnode_step(rn, &m), raft_rawnode_propose(rn, ...)
 *		while (raft_rawnode_has_ready(rn)) {
 *			const struct raft_ready *rd = raft_rawnode_ready(rn);
 *			1. write rd->hard_state, rd->entries and rd->snapshot to stable storage
 *			   (and wait for the disk if rd->must_sync)
 *			2. send rd->messages
 *			3. apply rd->snapshot and rd->committed_entries
 *			raft_rawnode_advance(rn);
 *		}
 *	}
 *
 * Rules that hold everywhere:
 *
 * - Not thread-safe, by design and like the original: one thread at a time
 *   uses a raft_rawnode and everything that came out of it. Reference counts
 *   are plain integers; another thread may read the bytes of a payload, but
 *   only the raft thread takes or drops a reference.
 * - Time is counted in ticks, sizes in bytes, indexes and terms from 1
 *   (0 means "none").
 * - Arrays of entries are never shared, payloads always are: copying an entry
 *   copies its header and takes a reference, never the payload.
 * - A function that can fail returns enum raft_error and gives its results
 *   through trailing out-parameters, which it leaves alone on error unless it
 *   says otherwise.
 * - A broken invariant (a bug, or a log that lost what it had acknowledged)
 *   stops the program by raft_panicf(), which names it. Out of memory stops it
 *   too; there is nothing sensible that consensus could do without memory.
 */
#ifndef RAFT_H
#define RAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define RAFT_API __attribute__((visibility("default")))
#define RAFT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define RAFT_API
#define RAFT_PRINTF(fmt, args)
#endif

/* ---- Scalars ------------------------------------------------------------ */

typedef unsigned long long raft_id;    /* a node; 0 is nobody */
typedef unsigned long long raft_term;  /* a term; 0 is before the first */
typedef unsigned long long raft_index; /* a place in the log; the first is 1 */

/* RAFT_NONE stands for "no node": no leader, no vote. */
#define RAFT_NONE 0ULL

/* RAFT_LOCAL_APPEND_THREAD and RAFT_LOCAL_APPLY_THREAD are the targets of
 * MsgStorageAppend and MsgStorageApply (see raft_config.async_storage_writes). */
#define RAFT_LOCAL_APPEND_THREAD UINT64_MAX
#define RAFT_LOCAL_APPLY_THREAD (UINT64_MAX - 1)

/* RAFT_NO_LIMIT switches a size limit off. */
#define RAFT_NO_LIMIT UINT64_MAX

/* RAFT_MAX_MEMBERS bounds each part of a configuration (voters, learners, ...).
 * The original has no bound; a fixed one makes a configuration a plain value.
 * A change that would pass it is refused like any other invalid change. */
#define RAFT_MAX_MEMBERS 64

/* ---- Errors ------------------------------------------------------------- */

#define RAFT_ERRORS(X)                                                                              \
	X(RAFT_OK, "ok")                                                                            \
	X(RAFT_ERR_COMPACTED, "requested index is unavailable due to compaction")                   \
	X(RAFT_ERR_SNAP_OUT_OF_DATE, "requested index is older than the existing snapshot")         \
	X(RAFT_ERR_UNAVAILABLE, "requested entry at index is unavailable")                          \
	X(RAFT_ERR_SNAPSHOT_TEMPORARILY_UNAVAILABLE, "snapshot is temporarily unavailable")         \
	X(RAFT_ERR_PROPOSAL_DROPPED, "raft proposal dropped")                                       \
	X(RAFT_ERR_STEP_LOCAL_MSG, "raft: cannot step raft local message")                          \
	X(RAFT_ERR_STEP_PEER_NOT_FOUND, "raft: cannot step as peer not found")                      \
	X(RAFT_ERR_MALFORMED, "malformed raft message or entry")                                    \
	X(RAFT_ERR_TOO_LARGE, "payload of 4 GiB or more")                                           \
	X(RAFT_ERR_TOO_MANY_MEMBERS, "more members than RAFT_MAX_MEMBERS")                          \
	X(RAFT_ERR_BOOTSTRAP_NO_PEERS, "must provide at least one peer to Bootstrap")               \
	X(RAFT_ERR_BOOTSTRAP_NOT_EMPTY, "can't bootstrap a nonempty Storage")                       \
	X(RAFT_ERR_CONFIG_ID_NONE, "cannot use none as id")                                         \
	X(RAFT_ERR_CONFIG_ID_LOCAL, "cannot use local target as id")                                \
	X(RAFT_ERR_CONFIG_HEARTBEAT_TICK, "heartbeat tick must be greater than 0")                  \
	X(RAFT_ERR_CONFIG_ELECTION_TICK, "election tick must be greater than heartbeat tick")       \
	X(RAFT_ERR_CONFIG_STORAGE, "storage cannot be nil")                                         \
	X(RAFT_ERR_CONFIG_INFLIGHT_MSGS, "max inflight messages must be greater than 0")            \
	X(RAFT_ERR_CONFIG_INFLIGHT_BYTES, "max inflight bytes must be >= max message size")         \
	X(RAFT_ERR_CONFIG_LEASE_BASED,                                                              \
		"CheckQuorum must be enabled when ReadOnlyOption is ReadOnlyLeaseBased")

enum raft_error {
#define X(name, text) name,
	RAFT_ERRORS(X)
#undef X
};

/* raft_strerror gives the text of an error; the original's where it has one. */
RAFT_API const char *raft_strerror(enum raft_error err);

/* ---- Payloads and entries ----------------------------------------------- */

/* A raft_buf is an immutable, counted piece of memory. Entries whose payloads
 * were received in one message all point into one raft_buf. */
struct raft_buf {
	unsigned refs; /* belongs to the raft thread; not atomic */
	uint32_t len;
	unsigned char data[];
};

/* raft_buf_new makes a buffer of len bytes, to be filled in before it is shared.
 *
 * Ownership: the caller holds the one reference.
 * Returns:   never NULL. Requires: len < 4 GiB. */
RAFT_API struct raft_buf *raft_buf_new(size_t len);

/* raft_buf_free is what raft_buf_unref calls for the last reference. */
RAFT_API void raft_buf_free(struct raft_buf *buf);

static inline struct raft_buf *raft_buf_ref(struct raft_buf *buf)
{
	if (buf)
		buf->refs++;
	return buf;
}

static inline void raft_buf_unref(struct raft_buf *buf)
{
	if (buf && --buf->refs == 0)
		raft_buf_free(buf);
}

enum raft_entry_type {
	RAFT_ENTRY_NORMAL = 0,
	RAFT_ENTRY_CONF_CHANGE = 1,    /* the payload is an encoded raft_conf_change */
	RAFT_ENTRY_CONF_CHANGE_V2 = 2, /* the payload is an encoded raft_conf_change_v2 */
};

/* An entry of the log: a small value whose payload is a view into a counted
 * buffer. data == NULL and a payload of no bytes are different things (they
 * are encoded differently), as nil and []byte{} are in the original. */
struct raft_entry {
	raft_term term;
	raft_index index;
	enum raft_entry_type type;
	uint32_t len;          /* bytes at data */
	const void *data;      /* inside buf, or NULL */
	struct raft_buf *buf;  /* one reference, or NULL if data is NULL */
};

/* An owned, growable array of entries. All zeros is an empty one. */
struct raft_entries {
	struct raft_entry *v;
	uint32_t len, cap;
};

/* raft_entries_push appends a copy of e and takes a reference to its payload. */
RAFT_API void raft_entries_push(struct raft_entries *ents, const struct raft_entry *e);
/* raft_entries_clear drops all entries and keeps the array for reuse. */
RAFT_API void raft_entries_clear(struct raft_entries *ents);
/* raft_entries_free drops all entries and the array. */
RAFT_API void raft_entries_free(struct raft_entries *ents);

/* raft_entry_size is the number of bytes of e's protobuf encoding. Every limit
 * in bytes counts these (Entry.Size of the original). */
RAFT_API uint64_t raft_entry_size(const struct raft_entry *e);

/* ---- State that must be stable ------------------------------------------ */

struct raft_hard_state {
	raft_term term;
	raft_id vote;
	raft_index commit;
};

static inline bool raft_hard_state_equal(struct raft_hard_state a, struct raft_hard_state b)
{
	return a.term == b.term && a.vote == b.vote && a.commit == b.commit;
}

static inline bool raft_hard_state_empty(struct raft_hard_state st)
{
	return st.term == 0 && st.vote == 0 && st.commit == 0;
}

/* raft_must_sync says whether going from prev to st, with entries_len new
 * entries, has to reach the disk before anyone is told: term, vote and entries
 * are what the paper's figure 2 calls persistent state. */
RAFT_API bool raft_must_sync(
	struct raft_hard_state st, struct raft_hard_state prev, size_t entries_len);

/* ---- Membership --------------------------------------------------------- */

/* A list of node ids. Inside the library they are sorted sets. */
struct raft_ids {
	uint32_t len;
	raft_id id[RAFT_MAX_MEMBERS];
};

/* A configuration as it is written into snapshots (ConfState of the original). */
struct raft_conf_state {
	struct raft_ids voters;          /* of the incoming configuration */
	struct raft_ids learners;        /* of the incoming configuration */
	struct raft_ids voters_outgoing; /* empty unless the configuration is joint */
	struct raft_ids learners_next;   /* voters that become learners on leaving it */
	bool auto_leave;                 /* leave the joint configuration by itself */
};

/* raft_conf_state_equivalent tells whether a and b describe the same
 * configuration, in whatever order their ids stand. */
RAFT_API bool raft_conf_state_equivalent(
	const struct raft_conf_state *a, const struct raft_conf_state *b);

enum raft_conf_change_type {
	RAFT_CONF_CHANGE_ADD_NODE = 0,
	RAFT_CONF_CHANGE_REMOVE_NODE = 1,
	RAFT_CONF_CHANGE_UPDATE_NODE = 2,
	RAFT_CONF_CHANGE_ADD_LEARNER_NODE = 3,
};

/* The change of one member (the first generation of membership changes). */
struct raft_conf_change {
	uint64_t id; /* for the application's use; etcd puts a request id here */
	enum raft_conf_change_type type;
	raft_id node_id;
	const void *context; /* for the application's use; borrowed, may be NULL */
	size_t context_len;
};

struct raft_conf_change_single {
	enum raft_conf_change_type type;
	raft_id node_id;
};

enum raft_conf_change_transition {
	/* simple where possible, else as JOINT_IMPLICIT */
	RAFT_CONF_CHANGE_TRANSITION_AUTO = 0,
	/* joint; raft leaves the joint configuration by itself */
	RAFT_CONF_CHANGE_TRANSITION_JOINT_IMPLICIT = 1,
	/* joint; left when the application proposes an empty change */
	RAFT_CONF_CHANGE_TRANSITION_JOINT_EXPLICIT = 2,
};

/* A change of several members at once (thesis section 4.3); an empty one
 * leaves a joint configuration. Pointers are borrowed: a decoded one points
 * into the encoding's decoder, see raftpb.h. */
struct raft_conf_change_v2 {
	enum raft_conf_change_transition transition;
	const struct raft_conf_change_single *changes;
	size_t changes_len;
	const void *context;
	size_t context_len;
};

/* raft_conf_change_as_v2 says cc in the second form. single is room for the one
 * change, which *v2 points to. */
RAFT_API void raft_conf_change_as_v2(const struct raft_conf_change *cc,
	struct raft_conf_change_single *single, struct raft_conf_change_v2 *v2);

/* ---- Snapshots ---------------------------------------------------------- */

struct raft_snapshot_metadata {
	struct raft_conf_state conf_state;
	raft_index index; /* the last entry the snapshot stands for */
	raft_term term;   /* that entry's term */
};

/* A snapshot is immutable and counted; like payloads, it is shared. */
struct raft_snapshot {
	unsigned refs; /* belongs to the raft thread; not atomic */
	struct raft_snapshot_metadata metadata;
	const void *data;     /* the application's; inside buf, or NULL */
	size_t len;           /* bytes at data */
	struct raft_buf *buf; /* one reference, or NULL */
};

/* raft_snapshot_new makes a snapshot of metadata and the payload in buf.
 *
 * Ownership: takes over the caller's reference to buf (NULL: no payload); the
 *            caller holds the one reference to the result. */
RAFT_API struct raft_snapshot *raft_snapshot_new(
	const struct raft_snapshot_metadata *metadata, struct raft_buf *buf);
RAFT_API struct raft_snapshot *raft_snapshot_ref(struct raft_snapshot *snap);
RAFT_API void raft_snapshot_unref(struct raft_snapshot *snap); /* NULL is fine */

/* raft_snapshot_empty tells whether snap is NULL or stands for nothing. */
static inline bool raft_snapshot_empty(const struct raft_snapshot *snap)
{
	return !snap || snap->metadata.index == 0;
}

/* ---- Messages ----------------------------------------------------------- */

/* The numbers are those of etcd's raftpb, so they must not change. */
#define RAFT_MESSAGE_TYPES(X)                                                                       \
	X(MSG_HUP, "MsgHup")                          /* local: start an election */                \
	X(MSG_BEAT, "MsgBeat")                        /* local: leader, send heartbeats */          \
	X(MSG_PROP, "MsgProp")                        /* append these entries, please */            \
	X(MSG_APP, "MsgApp")                          /* AppendEntries, paper section 5.3 */        \
	X(MSG_APP_RESP, "MsgAppResp")                                                               \
	X(MSG_VOTE, "MsgVote")                        /* RequestVote, paper section 5.2 */          \
	X(MSG_VOTE_RESP, "MsgVoteResp")                                                             \
	X(MSG_SNAP, "MsgSnap")                        /* InstallSnapshot, paper section 7 */        \
	X(MSG_HEARTBEAT, "MsgHeartbeat")                                                            \
	X(MSG_HEARTBEAT_RESP, "MsgHeartbeatResp")                                                   \
	X(MSG_UNREACHABLE, "MsgUnreachable")          /* local: a message could not be sent */      \
	X(MSG_SNAP_STATUS, "MsgSnapStatus")           /* local: how sending a snapshot went */      \
	X(MSG_CHECK_QUORUM, "MsgCheckQuorum")         /* local: leader, is there a quorum? */       \
	X(MSG_TRANSFER_LEADER, "MsgTransferLeader")   /* thesis section 3.10 */                     \
	X(MSG_TIMEOUT_NOW, "MsgTimeoutNow")           /* to the transferee: campaign at once */     \
	X(MSG_READ_INDEX, "MsgReadIndex")             /* thesis section 6.4 */                      \
	X(MSG_READ_INDEX_RESP, "MsgReadIndexResp")                                                  \
	X(MSG_PRE_VOTE, "MsgPreVote")                 /* thesis section 9.6 */                      \
	X(MSG_PRE_VOTE_RESP, "MsgPreVoteResp")                                                      \
	X(MSG_STORAGE_APPEND, "MsgStorageAppend")     /* to the append thread */                    \
	X(MSG_STORAGE_APPEND_RESP, "MsgStorageAppendResp")                                          \
	X(MSG_STORAGE_APPLY, "MsgStorageApply")       /* to the apply thread */                     \
	X(MSG_STORAGE_APPLY_RESP, "MsgStorageApplyResp")                                            \
	X(MSG_FORGET_LEADER, "MsgForgetLeader")       /* local: follower, forget your leader */

enum raft_message_type {
#define X(name, text) name,
	RAFT_MESSAGE_TYPES(X)
#undef X
};

/* raft_message_type_name gives "MsgApp" for MSG_APP; a number's own text for
 * one that there is not. */
RAFT_API const char *raft_message_type_name(enum raft_message_type type);

/* Bytes that travel with a message: the context of a ReadIndex round or of a
 * leader transfer. Short ones stand inside, so that a heartbeat never allocates. */
#define RAFT_CONTEXT_INLINE 16
struct raft_context {
	uint32_t len;
	union {
		unsigned char bytes[RAFT_CONTEXT_INLINE]; /* len <= RAFT_CONTEXT_INLINE */
		struct raft_buf *buf;                     /* longer: one reference */
	} u;
};

/* raft_context_data points at the bytes of c, which stay valid as long as c. */
static inline const void *raft_context_data(const struct raft_context *c)
{
	return c->len <= RAFT_CONTEXT_INLINE ? c->u.bytes : c->u.buf->data;
}

struct raft_messages {
	struct raft_message *v;
	uint32_t len, cap;
};

/* What nodes say to each other, and to their own storage threads. Which fields
 * mean something depends on type; the others are zero.
 *
 * A message owns its entries array, its responses, and one reference each to
 * its snapshot and a long context. It is moved, not copied: whoever takes it
 * over zeroes the original (raft_message_move). */
struct raft_message {
	enum raft_message_type type;
	bool reject;
	raft_id to;
	raft_id from;
	raft_term term;          /* the sender's; 0 for local messages */
	raft_term log_term;      /* term of the entry at index */
	raft_index index;        /* MsgApp: the entry before the first of entries */
	raft_index commit;
	raft_id vote;            /* MsgStorageAppend: the vote to persist */
	raft_index reject_hint;  /* where a rejecting follower thinks the logs may meet */
	struct raft_entries entries;
	struct raft_snapshot *snapshot; /* or NULL */
	struct raft_context context;
	struct raft_messages responses; /* to be delivered once this one is done */
};

/* raft_message_move gives what m holds to the caller and leaves *m all zeros. */
static inline struct raft_message raft_message_move(struct raft_message *m)
{
	struct raft_message out = *m;
	*m = (struct raft_message){0};
	return out;
}

/* raft_message_copy makes a second message that shares payloads with m. */
RAFT_API struct raft_message raft_message_copy(const struct raft_message *m);
/* raft_message_free drops all that m holds, so that it holds nothing. */
RAFT_API void raft_message_free(struct raft_message *m);
/* raft_messages_push moves *m to the end of the array; *m holds nothing then. */
RAFT_API void raft_messages_push(struct raft_messages *ms, struct raft_message *m);
/* raft_messages_clear frees the messages and keeps the array for reuse. */
RAFT_API void raft_messages_clear(struct raft_messages *ms);
/* raft_messages_free frees the messages and the array. */
RAFT_API void raft_messages_free(struct raft_messages *ms);

/* raft_is_local_msg: such a message must not come from the network. */
RAFT_API bool raft_is_local_msg(enum raft_message_type type);
/* raft_is_response_msg: such a message answers another one. */
RAFT_API bool raft_is_response_msg(enum raft_message_type type);
/* raft_is_local_msg_target: id names one of the local storage threads. */
RAFT_API bool raft_is_local_msg_target(raft_id id);

/* ---- Storage ------------------------------------------------------------ */

/* Storage is the application's log as raft reads it. Raft never writes to it:
 * writing is the application's part, told by Ready or MsgStorageAppend.
 *
 * An implementation has a struct raft_storage as its first member. Any error
 * other than those named makes the node stop by raft_panicf(). */
struct raft_storage {
	const struct raft_storage_ops *ops;
};

struct raft_storage_ops {
	/* initial_state gives the hard state and configuration saved last. */
	enum raft_error (*initial_state)(struct raft_storage *s, struct raft_hard_state *hs,
		struct raft_conf_state *cs);

	/* entries appends to *ents the entries [lo, hi), stopping before the one
	 * that would take their encoded size past max_size bytes; never fewer
	 * than one.
	 *
	 * Ownership: the caller frees *ents; payloads are shared.
	 * Returns:   RAFT_ERR_COMPACTED if lo is compacted; RAFT_ERR_UNAVAILABLE
	 *            if one is missing. On error *ents is as it was. */
	enum raft_error (*entries)(struct raft_storage *s, raft_index lo, raft_index hi,
		uint64_t max_size, struct raft_entries *ents);

	/* term gives the term of entry i, which is in [first_index - 1, last_index]:
	 * the term of the entry before the first is kept for matching. */
	enum raft_error (*term)(struct raft_storage *s, raft_index i, raft_term *term);

	/* last_index gives the index of the last entry. */
	enum raft_error (*last_index)(struct raft_storage *s, raft_index *index);

	/* first_index gives the index of the first entry still there. */
	enum raft_error (*first_index)(struct raft_storage *s, raft_index *index);

	/* snapshot gives the newest snapshot, one reference to the caller.
	 * RAFT_ERR_SNAPSHOT_TEMPORARILY_UNAVAILABLE: raft asks again later. */
	enum raft_error (*snapshot)(struct raft_storage *s, struct raft_snapshot **snap);
};

/* MemoryStorage keeps the log in memory; an application that keeps its log on
 * disk uses it as the part that raft reads. */
struct raft_memory_storage;

RAFT_API struct raft_memory_storage *raft_memory_storage_new(void);
RAFT_API void raft_memory_storage_free(struct raft_memory_storage *ms);
/* raft_memory_storage_base is ms as raft sees it (for raft_config.storage). */
RAFT_API struct raft_storage *raft_memory_storage_base(struct raft_memory_storage *ms);

RAFT_API void raft_memory_storage_set_hard_state(
	struct raft_memory_storage *ms, struct raft_hard_state st);

/* raft_memory_storage_append adds entries, truncating what they contradict and
 * skipping what is compacted already. Shares payloads; ents stays the caller's.
 * Panics if they leave a gap. */
RAFT_API enum raft_error raft_memory_storage_append(
	struct raft_memory_storage *ms, const struct raft_entry *ents, size_t len);

/* raft_memory_storage_compact discards the entries before compact_index.
 * Requires: compact_index <= the applied index.
 * Returns:  RAFT_ERR_COMPACTED if they are gone already. Panics past the end. */
RAFT_API enum raft_error raft_memory_storage_compact(
	struct raft_memory_storage *ms, raft_index compact_index);

/* raft_memory_storage_create_snapshot makes the snapshot of the state after
 * entry i, to be handed to followers that are too far behind. cs is the
 * configuration then, or NULL if it has not changed since the last snapshot.
 *
 * Ownership: takes over the reference to data; *snap, if snap is not NULL, is
 *            one reference to the caller.
 * Returns:   RAFT_ERR_SNAP_OUT_OF_DATE if there is a newer one (data is dropped). */
RAFT_API enum raft_error raft_memory_storage_create_snapshot(struct raft_memory_storage *ms,
	raft_index i, const struct raft_conf_state *cs, struct raft_buf *data,
	struct raft_snapshot **snap);

/* raft_memory_storage_apply_snapshot makes snap all that there is; the entries
 * are dropped. Takes a reference of its own.
 * Returns: RAFT_ERR_SNAP_OUT_OF_DATE if there is a newer one. */
RAFT_API enum raft_error raft_memory_storage_apply_snapshot(
	struct raft_memory_storage *ms, struct raft_snapshot *snap);

/* ---- Logging ------------------------------------------------------------ */

enum raft_log_level {
	RAFT_LOG_DEBUG,
	RAFT_LOG_INFO,
	RAFT_LOG_WARN,
	RAFT_LOG_ERROR,
	RAFT_LOG_PANIC, /* the program stops after this line */
	RAFT_LOG_NONE,  /* as raft_logger.level: silence */
};

/* A logger writes one line, msg, without newline. Lines below level are not
 * even formatted. The words are the original's. */
struct raft_logger {
	enum raft_log_level level;
	void (*log)(struct raft_logger *logger, enum raft_log_level level, const char *msg);
};

/* raft_default_logger writes lines of INFO and above to standard error. */
RAFT_API extern struct raft_logger raft_default_logger;

/* ---- Configuration ------------------------------------------------------ */

enum raft_read_only_option {
	/* ask a quorum before each batch of reads; always right */
	RAFT_READ_ONLY_SAFE,
	/* trust the leader's lease; right while clocks drift little. Needs
	 * check_quorum. */
	RAFT_READ_ONLY_LEASE_BASED,
};

struct raft_config {
	raft_id id; /* of the local node; not 0 */

	/* Ticks without a word from the leader until a follower campaigns (the
	 * actual number is drawn from [election_tick, 2 * election_tick)), and
	 * ticks between heartbeats. election_tick = 10 * heartbeat_tick is good. */
	int election_tick;
	int heartbeat_tick;

	struct raft_storage *storage; /* borrowed; must outlive the node */

	/* The last index that the application has applied. Set it when you
	 * restart; entries up to it are not handed out again. */
	raft_index applied;

	/* If true, storage is told what to do by messages instead of by Ready's
	 * fields: MsgStorageAppend (to RAFT_LOCAL_APPEND_THREAD: save these
	 * entries, this hard state, this snapshot) and MsgStorageApply (to
	 * RAFT_LOCAL_APPLY_THREAD: apply these entries). Each carries responses
	 * to be delivered once it is done, and durable in the case of append;
	 * raft goes on in the meantime. Messages to one target keep their order
	 * and are never dropped. raft_rawnode_advance() is not called then. */
	bool async_storage_writes;

	uint64_t max_size_per_msg;             /* bytes of entries in a MsgApp; 0: one entry */
	uint64_t max_committed_size_per_ready; /* bytes being applied; 0: as max_size_per_msg */
	uint64_t max_uncommitted_entries_size; /* bytes of a leader's uncommitted payloads,
	                                        * beyond which proposals are dropped; 0: no limit */
	int max_inflight_msgs;                 /* MsgApps on their way to one follower; > 0 */
	uint64_t max_inflight_bytes;           /* their bytes; 0: no limit */

	bool check_quorum; /* a leader without a quorum steps down */
	bool pre_vote;     /* ask before raising the term (thesis section 9.6) */
	enum raft_read_only_option read_only_option;

	bool disable_proposal_forwarding;    /* a follower drops proposals */
	bool disable_conf_change_validation; /* the application validates them */
	bool step_down_on_removal;           /* a removed or demoted leader steps down */

	struct raft_logger *logger; /* borrowed; NULL: raft_default_logger */

	/* Seed of the node's own random numbers, so that a run can be replayed.
	 * The id is mixed in. 0 draws one from the operating system. */
	uint64_t seed;
};

/* raft_config_validate says what is wrong with c, and fills in defaults. */
RAFT_API enum raft_error raft_config_validate(struct raft_config *c);

/* ---- The node ----------------------------------------------------------- */

#define RAFT_STATES(X)                                                                              \
	X(RAFT_STATE_FOLLOWER, "StateFollower")                                                     \
	X(RAFT_STATE_CANDIDATE, "StateCandidate")                                                   \
	X(RAFT_STATE_LEADER, "StateLeader")                                                         \
	X(RAFT_STATE_PRE_CANDIDATE, "StatePreCandidate")

enum raft_state {
#define X(name, text) name,
	RAFT_STATES(X)
#undef X
};

RAFT_API const char *raft_state_name(enum raft_state state);

/* State that is useful for logging and never persisted. */
struct raft_soft_state {
	raft_id lead; /* RAFT_NONE if unknown */
	enum raft_state raft_state;
};

/* The answer to raft_rawnode_read_index: once the application has applied
 * index, it may serve the read that request_ctx names. */
struct raft_read_state {
	raft_index index;
	struct raft_context request_ctx;
};

/* Ready is the work that is due: what to write, send and apply. It and all it
 * points to belong to the node and stay as they are until raft_rawnode_advance()
 * or, with async_storage_writes, until the next raft_rawnode_ready(). A message
 * may be moved out (raft_message_move); what is left is freed by the node. */
struct raft_ready {
	const struct raft_soft_state *soft_state; /* NULL if it has not changed */
	struct raft_hard_state hard_state;        /* all zeros if it has not changed */

	const struct raft_read_state *read_states;
	size_t read_states_len;

	/* To be saved before messages are sent. With async_storage_writes these
	 * three are a view of what the MsgStorageAppend among messages says. */
	const struct raft_entry *entries;
	size_t entries_len;
	struct raft_snapshot *snapshot; /* NULL if there is none */

	/* To be applied. */
	const struct raft_entry *committed_entries;
	size_t committed_entries_len;

	/* To be sent, after the above is saved. If it is a MsgSnap, report how it
	 * went by raft_rawnode_report_snapshot(). */
	struct raft_message *messages;
	size_t messages_len;

	/* Writing hard_state and entries has to wait for the disk. */
	bool must_sync;
};

struct raft_rawnode;

/* raft_rawnode_new makes a node that continues where c->storage left off.
 *
 * Ownership: *rn is freed by raft_rawnode_free(); *c is read, not kept.
 * Returns:   what raft_config_validate() says. */
RAFT_API enum raft_error raft_rawnode_new(const struct raft_config *c, struct raft_rawnode **rn);
RAFT_API void raft_rawnode_free(struct raft_rawnode *rn);

struct raft_peer {
	raft_id id;
	const void *context; /* goes into the peer's raft_conf_change; may be NULL */
	size_t context_len;
};

/* raft_rawnode_bootstrap starts a new cluster: it appends one configuration
 * change for each peer. Every first member must be given the same list. An
 * alternative is a storage that begins with a snapshot that has the ConfState. */
RAFT_API enum raft_error raft_rawnode_bootstrap(
	struct raft_rawnode *rn, const struct raft_peer *peers, size_t len);

/* raft_rawnode_tick moves the logical clock on by one. Never allocates. */
RAFT_API void raft_rawnode_tick(struct raft_rawnode *rn);

/* raft_rawnode_tick_quiesced moves the clock on and does nothing else; for
 * groups that are known to be idle. Prefer raft_rawnode_tick(). */
RAFT_API void raft_rawnode_tick_quiesced(struct raft_rawnode *rn);

/* raft_rawnode_campaign makes the node campaign now. */
RAFT_API enum raft_error raft_rawnode_campaign(struct raft_rawnode *rn);

/* raft_rawnode_propose asks for len bytes at data to be appended to the log.
 * They are copied, once. RAFT_ERR_PROPOSAL_DROPPED: not taken; try again later.
 * RAFT_OK is no promise: the proposal may still be lost with its leader. */
RAFT_API enum raft_error raft_rawnode_propose(
	struct raft_rawnode *rn, const void *data, size_t len);

/* raft_rawnode_propose_buf is the same without a copy: it takes over the
 * caller's reference, also on error. */
RAFT_API enum raft_error raft_rawnode_propose_buf(struct raft_rawnode *rn, struct raft_buf *buf);

/* raft_rawnode_propose_conf_change and _v2 propose a membership change. At most
 * one is under way at a time; another is turned into an empty entry. */
RAFT_API enum raft_error raft_rawnode_propose_conf_change(
	struct raft_rawnode *rn, const struct raft_conf_change *cc);
RAFT_API enum raft_error raft_rawnode_propose_conf_change_v2(
	struct raft_rawnode *rn, const struct raft_conf_change_v2 *cc);

/* raft_rawnode_apply_conf_change makes a committed change effective. To be
 * called for each one among the committed entries, unless the application
 * refuses it. *cs, if cs is not NULL, is the new configuration. */
RAFT_API void raft_rawnode_apply_conf_change(struct raft_rawnode *rn,
	const struct raft_conf_change_v2 *cc, struct raft_conf_state *cs);

/* raft_rawnode_step takes in a message from another node or a storage thread.
 *
 * Ownership: takes over what m holds, also on error; *m holds nothing after.
 * Returns:   RAFT_ERR_STEP_LOCAL_MSG, RAFT_ERR_STEP_PEER_NOT_FOUND,
 *            RAFT_ERR_PROPOSAL_DROPPED. */
RAFT_API enum raft_error raft_rawnode_step(struct raft_rawnode *rn, struct raft_message *m);

/* raft_rawnode_has_ready tells whether there is work due. */
RAFT_API bool raft_rawnode_has_ready(const struct raft_rawnode *rn);

/* raft_rawnode_ready hands out the work that is due. See struct raft_ready. */
RAFT_API const struct raft_ready *raft_rawnode_ready(struct raft_rawnode *rn);

/* raft_rawnode_advance says that the last Ready is saved, sent and applied.
 * Requires: not async_storage_writes. */
RAFT_API void raft_rawnode_advance(struct raft_rawnode *rn);

/* raft_rawnode_report_unreachable: the last message to id could not be sent. */
RAFT_API void raft_rawnode_report_unreachable(struct raft_rawnode *rn, raft_id id);

/* raft_rawnode_report_snapshot: sending a snapshot to id has finished or failed. */
RAFT_API void raft_rawnode_report_snapshot(struct raft_rawnode *rn, raft_id id, bool failed);

/* raft_rawnode_transfer_leader asks that transferee become leader. */
RAFT_API void raft_rawnode_transfer_leader(struct raft_rawnode *rn, raft_id transferee);

/* raft_rawnode_forget_leader makes a follower forget its leader, so that it
 * may vote for another without waiting out its election timeout. */
RAFT_API enum raft_error raft_rawnode_forget_leader(struct raft_rawnode *rn);

/* raft_rawnode_read_index asks for a raft_read_state that carries the len bytes
 * at rctx (copied), which must be different for each request under way. */
RAFT_API void raft_rawnode_read_index(struct raft_rawnode *rn, const void *rctx, size_t len);

/* ---- Status ------------------------------------------------------------- */

struct raft_basic_status {
	raft_id id;
	struct raft_hard_state hard_state;
	struct raft_soft_state soft_state;
	raft_index applied;
	raft_id lead_transferee;
};

enum raft_progress_state {
	/* sends one MsgApp per heartbeat until it knows where the logs meet */
	RAFT_PROGRESS_PROBE,
	/* sends as fast as flow control allows */
	RAFT_PROGRESS_REPLICATE,
	/* waits for a snapshot to arrive */
	RAFT_PROGRESS_SNAPSHOT,
};

RAFT_API const char *raft_progress_state_name(enum raft_progress_state state);

/* What a leader knows about a member. */
struct raft_progress_status {
	raft_id id;
	raft_index match;            /* the log is known to be the leader's up to here */
	raft_index next;             /* the next entry to send */
	enum raft_progress_state state;
	raft_index pending_snapshot;
	bool recent_active;
	bool msg_app_flow_paused;
	bool is_learner;
	int inflight;                /* messages on their way */
};

struct raft_status {
	struct raft_basic_status basic;
	struct raft_conf_state config;
	struct raft_progress_status *progress; /* sorted by id; empty unless leader */
	size_t progress_len;
};

RAFT_API struct raft_basic_status raft_rawnode_basic_status(const struct raft_rawnode *rn);
/* raft_rawnode_status fills in *st; free it with raft_status_free(). */
RAFT_API void raft_rawnode_status(const struct raft_rawnode *rn, struct raft_status *st);
RAFT_API void raft_status_free(struct raft_status *st);
/* raft_status_json says st in the original's JSON; the caller frees the text. */
RAFT_API char *raft_status_json(const struct raft_status *st);

/* raft_rawnode_with_progress calls visit for each member, in order of ids,
 * without allocating. */
RAFT_API void raft_rawnode_with_progress(const struct raft_rawnode *rn,
	void (*visit)(void *arg, const struct raft_progress_status *pr), void *arg);

/* ---- Words for people --------------------------------------------------- */

/* A raft_entry_formatter writes a payload as text; the caller frees it. NULL
 * stands for the default, a quoted string. */
typedef char *(*raft_entry_formatter)(const void *data, size_t len);

/* raft_describe_* say things as the original does; the caller frees the text. */
RAFT_API char *raft_describe_message(const struct raft_message *m, raft_entry_formatter f);
RAFT_API char *raft_describe_entry(const struct raft_entry *e, raft_entry_formatter f);
RAFT_API char *raft_describe_entries(
	const struct raft_entry *ents, size_t len, raft_entry_formatter f);
RAFT_API char *raft_describe_ready(const struct raft_ready *rd, raft_entry_formatter f);
RAFT_API char *raft_describe_hard_state(struct raft_hard_state hs);
RAFT_API char *raft_describe_soft_state(struct raft_soft_state ss);
RAFT_API char *raft_describe_conf_state(const struct raft_conf_state *cs);
RAFT_API char *raft_describe_snapshot(const struct raft_snapshot *snap);

#ifdef __cplusplus
}
#endif

#endif
