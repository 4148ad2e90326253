/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wal/wal_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What reading has gathered so far. */
struct reader {
	struct wal_decoder d;
	struct wal_snapshot start;
	struct wal_contents *out;
	bool has_metadata;
	bool has_snapshot;
	raft_index last_index;
	raft_term last_term;
};

static void drop_from(struct raft_entries *ents, size_t len)
{
	while (ents->len > len)
		raft_buf_unref(ents->v[--ents->len].buf);
}

static enum wal_error take_entry(
	struct reader *r, const struct wal_record *rec, struct wal_fault *fault)
{
	struct raft_entries *ents = &r->out->entries;
	struct raft_entry e;
	uint64_t up;

	if (!wal_decode_entry(rec, &e))
		return wal_decoder_corrupt(&r->d, fault, "malformed entry before this offset");
	r->last_index = e.index;
	r->last_term = e.term;
	if (e.index <= r->start.index) {
		raft_buf_unref(e.buf);
		return WAL_OK;
	}
	up = e.index - r->start.index - 1;
	if (up > ents->len || (up > 0 && ents->v[up - 1].term > e.term)) {
		wal_fault_set(fault, WAL_ERR_CORRUPT,
			"wal: %s is corrupt before offset %" PRIu64 ": an entry of index "
			"%llu and term %llu does not continue the log of %" PRIu32
			" entries from index %llu; " WAL_CORRUPT_ADVICE,
			r->d.segs->v[r->d.cur].path, r->d.offset, e.index, e.term, ents->len,
			r->start.index + 1);
		raft_buf_unref(e.buf);
		return WAL_ERR_CORRUPT;
	}
	/* A new leader's entries replace what was never committed. */
	drop_from(ents, (size_t)up);
	raft_entries_push(ents, &e);
	raft_buf_unref(e.buf);
	return WAL_OK;
}

static enum wal_error take_metadata(
	struct reader *r, const struct wal_record *rec, struct wal_fault *fault)
{
	struct wal_metadata md;

	if (!wal_decode_metadata(rec, &md))
		return wal_decoder_corrupt(&r->d, fault, "malformed metadata before this offset");
	if (r->has_metadata && (md.node_id != r->out->metadata.node_id ||
				       md.cluster_id != r->out->metadata.cluster_id))
		return wal_decoder_corrupt(
			&r->d, fault, "the metadata before this offset names another member");
	r->out->metadata = md;
	r->has_metadata = true;
	return WAL_OK;
}

static enum wal_error take_snapshot(
	struct reader *r, const struct wal_record *rec, struct wal_fault *fault)
{
	struct wal_snapshot snap;

	if (!wal_decode_snapshot(rec, &snap))
		return wal_decoder_corrupt(
			&r->d, fault, "malformed snapshot record before this offset");
	if (r->last_index < snap.index) {
		r->last_index = snap.index;
		r->last_term = snap.term;
	}
	if (snap.index != r->start.index)
		return WAL_OK;
	if (snap.term != r->start.term)
		return wal_fault_set(fault, WAL_ERR_SNAPSHOT_MISMATCH,
			"wal: %s: the snapshot at index %llu has term %llu, not %llu",
			r->d.segs->v[r->d.cur].path, snap.index, snap.term, r->start.term);
	r->has_snapshot = true;
	return WAL_OK;
}

static enum wal_error take(struct reader *r, const struct wal_record *rec, struct wal_fault *fault)
{
	if (rec->type != WAL_RECORD_CRC && rec->type != WAL_RECORD_METADATA && !r->has_metadata)
		return wal_decoder_corrupt(
			&r->d, fault, "a record before this offset precedes the metadata");
	switch (rec->type) {
	case WAL_RECORD_CRC:
		return WAL_OK;
	case WAL_RECORD_METADATA:
		return take_metadata(r, rec, fault);
	case WAL_RECORD_ENTRY:
		return take_entry(r, rec, fault);
	case WAL_RECORD_STATE:
		if (!wal_decode_state(rec, &r->out->hard_state))
			return wal_decoder_corrupt(
				&r->d, fault, "malformed state before this offset");
		return WAL_OK;
	case WAL_RECORD_SNAPSHOT:
		return take_snapshot(r, rec, fault);
	default:
		return wal_decoder_corrupt(
			&r->d, fault, "unknown type of record before this offset");
	}
}

/* Reads records to the end, through a repair if the tail is torn. */
static enum wal_error read_all(
	struct reader *r, const struct wal_segments *segs, struct wal_fault *fault)
{
	struct wal_record rec;
	enum wal_error err = WAL_OK;

	while (!err) {
		switch (wal_decoder_next(&r->d, &rec, fault)) {
		case WAL_DECODE_RECORD:
			err = take(r, &rec, fault);
			break;
		case WAL_DECODE_END:
			if (!r->has_metadata)
				return wal_decoder_corrupt(&r->d, fault, "the metadata is missing");
			if (!r->has_snapshot)
				return wal_fault_set(fault, WAL_ERR_SNAPSHOT_NOT_FOUND,
					"wal: %s has no record of the snapshot at index "
					"%llu, term %llu",
					segs->v[0].path, r->start.index, r->start.term);
			return WAL_OK;
		case WAL_DECODE_TORN:
			/* The decoder stands behind the last whole record, and so
			 * does the chain: what was read stays as it is. */
			if (!r->has_metadata || !r->has_snapshot)
				return wal_decoder_corrupt(&r->d, fault, r->d.torn);
			return wal_repair(&segs->v[segs->n - 1], r->d.offset, r->d.torn,
				&r->out->repair, fault);
		case WAL_DECODE_FAULT:
			err = fault->code;
			break;
		}
	}
	return err;
}

/* Makes the space behind the last record zeros, and as large as a segment. */
static enum wal_error prepare_tail(
	const struct wal_segment *seg, uint64_t offset, struct wal_fault *fault)
{
	struct stat st;
	uint64_t size;

	if (fstat(seg->fd, &st))
		return wal_fault_errno(fault, seg->path, "cannot stat");
	size = (uint64_t)st.st_size > wal_segment_size ? (uint64_t)st.st_size : wal_segment_size;
	if (ftruncate(seg->fd, (off_t)offset))
		return wal_fault_errno(fault, seg->path, "cannot truncate");
	return wal_preallocate(seg->fd, seg->path, size, fault);
}

static enum wal_error open_for_append(struct wal *w, struct reader *r, struct wal_fault *fault)
{
	enum wal_error err = wal_segments_list(w->dir, &w->segs, fault);

	if (!err)
		err = wal_segments_select(&w->segs, w->dir, r->start.index, fault);
	if (!err)
		err = wal_segments_open(&w->segs, true, fault);
	if (!err)
		err = wal_decoder_init(&r->d, &w->segs, fault);
	if (!err)
		err = read_all(r, &w->segs, fault);
	if (!err)
		err = prepare_tail(&w->segs.v[w->segs.n - 1], r->d.offset, fault);
	return err;
}

enum wal_error wal_open(const char *dir, struct wal_snapshot snap, struct wal **out,
	struct wal_contents *contents, struct wal_fault *fault)
{
	struct reader r = {.start = snap, .out = contents, .last_index = 0};
	struct wal *w = xcalloc(1, sizeof(*w));
	enum wal_error err;

	*out = NULL;
	*contents = (struct wal_contents){0};
	w->dir = xstrdup(dir);
	err = open_for_append(w, &r, fault);
	w->metadata = contents->metadata;
	w->state = contents->hard_state;
	w->last_index = r.last_index;
	w->last_term = r.last_term;
	w->offset = r.d.offset;
	w->crc = r.d.crc;
	wal_decoder_free(&r.d);
	if (err) {
		wal_contents_free(contents);
		wal_segments_drop(&w->segs, w->segs.n);
		free(w->dir);
		free(w);
		return err;
	}
	*out = w;
	return WAL_OK;
}

void wal_contents_free(struct wal_contents *contents)
{
	raft_entries_free(&contents->entries);
	free(contents->repair);
	*contents = (struct wal_contents){0};
}

/* Reads the snapshot records and the last commit index of opened segs. */
static enum wal_error read_snapshots(struct wal_decoder *d, struct wal_snapshot **snaps, size_t *n,
	raft_index *commit, struct wal_fault *fault)
{
	struct wal_record rec;
	struct raft_hard_state hs;

	for (;;) {
		enum wal_decode result = wal_decoder_next(d, &rec, fault);

		if (result == WAL_DECODE_FAULT)
			return fault->code;
		if (result != WAL_DECODE_RECORD)
			return WAL_OK;
		if (rec.type == WAL_RECORD_STATE) {
			if (!wal_decode_state(&rec, &hs))
				return wal_decoder_corrupt(
					d, fault, "malformed state before this offset");
			*commit = hs.commit;
		} else if (rec.type == WAL_RECORD_SNAPSHOT) {
			*snaps = xreallocarray(*snaps, *n + 1, sizeof(**snaps));
			if (!wal_decode_snapshot(&rec, &(*snaps)[*n]))
				return wal_decoder_corrupt(
					d, fault, "malformed snapshot record before this offset");
			++*n;
		}
	}
}

enum wal_error wal_valid_snapshots(
	const char *dir, struct wal_snapshot **snaps, size_t *n, struct wal_fault *fault)
{
	struct wal_segments segs;
	struct wal_decoder d = {0};
	raft_index commit = 0;
	size_t kept = 0;
	enum wal_error err = wal_segments_list(dir, &segs, fault);

	*snaps = NULL;
	*n = 0;
	if (!err && segs.n == 0)
		err = wal_fault_set(fault, WAL_ERR_NOT_FOUND, "wal: %s has no segments", dir);
	if (!err)
		err = wal_segments_select(&segs, dir, segs.v[0].index, fault);
	if (!err)
		err = wal_segments_open(&segs, false, fault);
	if (!err)
		err = wal_decoder_init(&d, &segs, fault);
	if (!err)
		err = read_snapshots(&d, snaps, n, &commit, fault);
	wal_decoder_free(&d);
	wal_segments_drop(&segs, segs.n);
	if (err) {
		free(*snaps);
		*snaps = NULL;
		*n = 0;
		return err;
	}
	for (size_t i = 0; i < *n; i++)
		if ((*snaps)[i].index <= commit)
			(*snaps)[kept++] = (*snaps)[i];
	*n = kept;
	return WAL_OK;
}
