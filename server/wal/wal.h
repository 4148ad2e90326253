/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_WAL_WAL_H
#define SERVER_WAL_WAL_H

/*
 * The write-ahead log: what raft must not forget, on disk before anyone is
 * told about it. The files are etcd 3.4's, byte for byte (wal/ of etcd), so
 * that its tools read ours and a data directory can move in both directions.
 *
 *   dir/0000000000000000-0000000000000000.wal      <sequence>-<first index>.wal
 *   dir/0000000000000001-00000000000123ab.wal      each 64 MB, preallocated
 *
 * A segment is a run of records (record.h). Its first three are crc, metadata
 * and the last HardState (the very first segment: crc, metadata, snapshot
 * {0,0}). The CRC chains through all records of all segments, so no record
 * can be lost, moved or changed without it being noticed.
 *
 * How to use it:
 *
 *     wal_create(dir, &md, &w, &fault)             a new member, or
 *     wal_open(dir, snap, &w, &contents, &fault)   one that existed; then
 *     wal_save(w, &hs, ents, n, must_sync, &fault) for each batch of Ready's
 *     wal_close(w)
 *
 * Invariants:
 *   1. What wal_save with must_sync, wal_save_snapshot and wal_cut reported as
 *      WAL_OK survives kill -9 and power loss.
 *   2. A segment has its final name only when its head is on disk.
 *   3. Only the last segment can end in a torn write; that is repaired by
 *      wal_open, which keeps a copy. All other damage is refused, never
 *      guessed around.
 *   4. After a failed fdatasync nothing is known about what the disk holds:
 *      the WAL refuses everything from then on (WAL_ERR_FAILED).
 *
 * Not thread-safe: a struct wal belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "raft/raft.h"

#define WAL_ERRORS(X)                                                                              \
	X(OK, "ok")                                                                                \
	X(ERR_EXIST, "a WAL exists already")                                                       \
	X(ERR_NOT_FOUND, "no WAL file that fits")                                                  \
	X(ERR_LOCKED, "the WAL is in use by another process")                                      \
	X(ERR_IO, "input/output error")                                                            \
	X(ERR_CORRUPT, "the WAL is corrupt")                                                       \
	X(ERR_SNAPSHOT_NOT_FOUND, "the snapshot record is missing")                                \
	X(ERR_SNAPSHOT_MISMATCH, "the snapshot record has another term")                           \
	X(ERR_TOO_LARGE, "an entry is larger than the format allows")                              \
	X(ERR_ORDER, "an entry does not follow the one before")                                    \
	X(ERR_FAILED, "an earlier write failed")

enum wal_error {
#define X(name, text) WAL_##name,
	WAL_ERRORS(X)
#undef X
};

/* wal_strerror names an error in general terms; struct wal_fault in detail. */
const char *wal_strerror(enum wal_error err);

/* What went wrong, for the log and for people: which file, which offset, what
 * is wrong with it and what can be done. Every function that can fail takes a
 * pointer to one (never NULL) and fills it in when it returns an error. */
struct wal_fault {
	enum wal_error code;
	char text[1024];
};

/* etcdserverpb.Metadata: who wrote this log. Repeated in each segment. */
struct wal_metadata {
	uint64_t node_id;
	uint64_t cluster_id;
};

/* walpb.Snapshot: a point at which the applied state was made durable, so
 * that the log can be read from there on. {0, 0} is the empty beginning. */
struct wal_snapshot {
	raft_index index;
	raft_term term;
};

/* What wal_open read. */
struct wal_contents {
	struct wal_metadata metadata;
	/* The last one written; empty (all zero) if there was none. */
	struct raft_hard_state hard_state;
	/* The entries behind the snapshot, consecutive from snap.index + 1; a
	 * later record has replaced an earlier one of the same index and all
	 * that followed it. */
	struct raft_entries entries;
	/* NULL, or what was repaired and where the copy is: to be logged. */
	char *repair;
};

/* The preallocated size of a segment in bytes: a save that ends behind it
 * cuts. etcd's is 64,000,000. Tests set a smaller one. */
extern uint64_t wal_segment_size;

struct wal;

/* wal_exists tells whether dir holds at least one file named *.wal. */
bool wal_exists(const char *dir);

/* wal_create makes a new WAL at dir, ready for wal_save. It is built in
 * dir.tmp and renamed, so that after a crash there is a whole one or none.
 *
 * Requires:   the parent directory exists.
 * Ownership:  wal_close(*w) releases it.
 * Returns:    WAL_OK; WAL_ERR_EXIST if dir holds a WAL; WAL_ERR_IO.
 * Source:     etcd wal.Create. */
enum wal_error wal_create(
	const char *dir, const struct wal_metadata *md, struct wal **w, struct wal_fault *fault);

/* wal_open locks the WAL at dir, reads everything from the record of snap on,
 * repairs a torn tail, and leaves the WAL ready for wal_save.
 *
 * Requires:   snap was written by wal_save_snapshot, or is {0, 0}.
 * Ownership:  the caller releases *w with wal_close and *contents with
 *             wal_contents_free; the entries' payloads belong to the thread
 *             that calls this. On error both are empty.
 * Returns:    WAL_OK, else the first error met. Nothing on disk is changed
 *             unless WAL_OK is returned or a torn tail was found.
 * Source:     etcd wal.Open, ReadAll, Repair. */
enum wal_error wal_open(const char *dir, struct wal_snapshot snap, struct wal **w,
	struct wal_contents *contents, struct wal_fault *fault);

/* wal_contents_free releases the entries and the repair message. */
void wal_contents_free(struct wal_contents *contents);

/* wal_append encodes n entries and then the hard state (NULL or an empty one:
 * none) into the memory of w. Nothing reaches the disk before wal_flush, so
 * that the batches of several Ready's share one write and one sync.
 *
 * Ownership:  nothing is kept; entries are copied as bytes.
 * Returns:    WAL_OK; WAL_ERR_FAILED; or, and then nothing of the call is
 *             appended, WAL_ERR_TOO_LARGE if an entry would take 10 MB or
 *             more, WAL_ERR_ORDER if the log could not be read again: if one
 *             has neither the next index nor, as the first of the call, one
 *             that there was before, or a term lower than the one before. */
enum wal_error wal_append(struct wal *w, const struct raft_hard_state *hs,
	const struct raft_entry *ents, size_t n, struct wal_fault *fault);

/* wal_flush writes what was appended with one write and, if sync, waits until
 * it is on disk with one fdatasync. Cuts when the segment is full (a cut
 * always syncs). sync should be raft's MustSync: entries were appended, or
 * term or vote changed; a commit index alone may be lost.
 *
 * Returns:    WAL_OK; WAL_ERR_IO: if the disk is full, nothing was lost and
 *             the call can be repeated when there is room; WAL_ERR_FAILED
 *             after a sync that failed. */
enum wal_error wal_flush(struct wal *w, bool sync, struct wal_fault *fault);

/* wal_save is wal_append and wal_flush in one.
 * Source: etcd WAL.Save. */
enum wal_error wal_save(struct wal *w, const struct raft_hard_state *hs,
	const struct raft_entry *ents, size_t n, bool must_sync, struct wal_fault *fault);

/* wal_save_snapshot records that the applied state is durable up to snap, and
 * syncs.
 *
 * Requires:   the state machine's data is synced up to snap.index, and a
 *             HardState with commit >= snap.index was saved before.
 * Source:     etcd WAL.SaveSnapshot. */
enum wal_error wal_save_snapshot(struct wal *w, struct wal_snapshot snap, struct wal_fault *fault);

/* wal_cut ends the current segment and starts the next one.
 * wal_flush calls it when a segment is full. */
enum wal_error wal_cut(struct wal *w, struct wal_fault *fault);

/* wal_release_to gives up the locks of the segments that hold nothing but
 * entries before index, all but the newest of them: reading from a snapshot
 * at index never needs those.
 * Source: etcd WAL.ReleaseLockTo. */
void wal_release_to(struct wal *w, raft_index index);

/* wal_purge removes the oldest released segments while more than max_files
 * are in the directory, and adds their number to *removed.
 * Returns: WAL_OK or WAL_ERR_IO.   Source: etcd --max-wals, fileutil.PurgeFile. */
enum wal_error wal_purge(struct wal *w, size_t max_files, size_t *removed, struct wal_fault *fault);

/* wal_valid_snapshots lists the snapshot records of dir that are not ahead of
 * the last saved commit index, oldest first: points at which wal_open works.
 * Changes nothing and takes no lock.
 *
 * Ownership:  the caller frees *snaps with free().
 * Source:     etcd wal.ValidSnapshotEntries. */
enum wal_error wal_valid_snapshots(
	const char *dir, struct wal_snapshot **snaps, size_t *n, struct wal_fault *fault);

/* wal_bytes_written is how many bytes this WAL has written since it was
 * opened, and wal_syncs how often it has synced. */
uint64_t wal_bytes_written(const struct wal *w);
uint64_t wal_syncs(const struct wal *w);

/* wal_close writes and syncs what was appended, releases the locks and frees
 * w. Returns: what the last flush returned; w is gone in any case. */
enum wal_error wal_close(struct wal *w, struct wal_fault *fault);

#endif
