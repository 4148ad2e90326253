/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_WAL_WAL_INTERNAL_H
#define SERVER_WAL_WAL_INTERNAL_H

/* What the files of server/wal share. */

#include <sys/types.h>

#include "server/util.h"
#include "server/wal/record.h"
#include "server/wal/wal.h"

#define WAL_CORRUPT_ADVICE                                                                         \
	"nothing was changed; restore this member from a snapshot or from a backup of its data "   \
	"directory"

/* --- segment.c: the files ------------------------------------------------- */

struct wal_segment {
	uint64_t seq;     /* counts segments, from 0 */
	raft_index index; /* no entry before this one begins in it */
	char *path;
	int fd; /* -1 when not open */
};

struct wal_segments {
	struct wal_segment *v;
	size_t n;
};

/* wal_fault_set fills in *fault and returns code. */
enum wal_error wal_fault_set(struct wal_fault *fault, enum wal_error code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* wal_fault_errno is wal_fault_set with WAL_ERR_IO, "<path>: <what>: <errno>". */
enum wal_error wal_fault_errno(struct wal_fault *fault, const char *path, const char *what);

/* wal_segment_path makes the name of a segment in dir; the caller frees it. */
char *wal_segment_path(const char *dir, uint64_t seq, raft_index index);

/* wal_segments_list finds the segments of dir, in the order of sequence, not
 * opened. Other files are none of its business.
 * Returns: WAL_OK, also for none; WAL_ERR_IO; WAL_ERR_NOT_FOUND without dir. */
enum wal_error wal_segments_list(
	const char *dir, struct wal_segments *segs, struct wal_fault *fault);

/* wal_segments_select drops the segments before the one that index is in.
 * Returns: WAL_ERR_NOT_FOUND if there is none or one is missing behind it. */
enum wal_error wal_segments_select(
	struct wal_segments *segs, const char *dir, raft_index index, struct wal_fault *fault);

/* wal_segments_open opens all; lock takes etcd's lock on each and opens it for
 * writing, too. */
enum wal_error wal_segments_open(struct wal_segments *segs, bool lock, struct wal_fault *fault);

/* wal_segments_drop closes and forgets the first n. */
void wal_segments_drop(struct wal_segments *segs, size_t n);

/* wal_segment_create makes a locked file of wal_segment_size zeros at path. */
enum wal_error wal_segment_create(const char *path, int *fd, struct wal_fault *fault);

/* wal_preallocate makes the file at least size bytes long, with the room for
 * it set aside on disk. */
enum wal_error wal_preallocate(int fd, const char *path, uint64_t size, struct wal_fault *fault);

/* wal_write_at writes all of data. Returns: the bytes written; fewer than len
 * only on an error, in errno. */
size_t wal_write_at(int fd, const void *data, size_t len, uint64_t off);

/* wal_sync_dir makes the names in a directory durable. */
enum wal_error wal_sync_dir(const char *dir, struct wal_fault *fault);

/* --- decoder.c: reading --------------------------------------------------- */

/* Reads the records of segments one after the other. */
struct wal_decoder {
	const struct wal_segments *segs;
	size_t cur;      /* the segment being read */
	uint64_t size;   /* of its file */
	uint64_t offset; /* behind its last valid record */
	bool started;    /* a crc record was seen: the chain is known */
	uint32_t crc;    /* the chain up to here */
	struct xbuf buf; /* bytes [buf_off, buf_off + buf.len) of the file */
	uint64_t buf_off;
	char *torn; /* what is wrong with a torn tail */
};

enum wal_decode {
	WAL_DECODE_RECORD, /* *rec is the next record */
	WAL_DECODE_END,    /* there is no more */
	WAL_DECODE_TORN,   /* the last write was cut short; it begins at offset */
	WAL_DECODE_FAULT,  /* see *fault */
};

/* wal_decoder_init starts at the first of the opened segs (at least one). */
enum wal_error wal_decoder_init(
	struct wal_decoder *d, const struct wal_segments *segs, struct wal_fault *fault);

/* wal_decoder_next reads one record and checks it against the chain.
 * Ownership: rec->data is valid until the next call. */
enum wal_decode wal_decoder_next(
	struct wal_decoder *d, struct wal_record *rec, struct wal_fault *fault);

/* wal_decoder_corrupt reports the record just read as damaged. */
enum wal_error wal_decoder_corrupt(
	const struct wal_decoder *d, struct wal_fault *fault, const char *what);

void wal_decoder_free(struct wal_decoder *d);

/* --- repair.c ------------------------------------------------------------- */

/* wal_repair copies the segment to <name>.broken and cuts it off at offset.
 * *message says so. Source: etcd wal.Repair. */
enum wal_error wal_repair(const struct wal_segment *seg, uint64_t offset, const char *why,
	char **message, struct wal_fault *fault);

/* --- wal.c ---------------------------------------------------------------- */

struct wal {
	char *dir;
	struct wal_metadata metadata;
	struct raft_hard_state state; /* the last one encoded: repeated by a cut */
	raft_index last_index;        /* of the last entry encoded, ... */
	raft_term last_term;          /* ... and its term */
	struct wal_segments segs;     /* those locked; the last is written to */
	uint64_t offset;              /* in the last segment: where buf goes */
	uint32_t crc;                 /* the chain, including buf */
	struct xbuf buf;              /* encoded, not yet written */
	bool dirty;                   /* written, not yet synced */
	bool failed;                  /* a sync failed: invariant 4 */
	uint64_t bytes_written;
	uint64_t syncs;
};

#endif
