/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a WAL: opened, repaired or refused, and if opened, appended to
 * and opened again. The CRC keeps a fuzzer out of the records' insides, so
 * their decoders get the bytes directly as well. */
#include <stdint.h>
#include <stdlib.h>

#include "server/testdir.h"
#include "server/wal/wal_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode_record(const uint8_t *data, size_t size)
{
	struct wal_record rec = {.data = data, .len = size};
	struct wal_snapshot snap;
	struct wal_metadata md;
	struct raft_hard_state hs;
	struct raft_entry e;

	if (wal_decode_entry(&rec, &e))
		raft_buf_unref(e.buf);
	wal_decode_state(&rec, &hs);
	wal_decode_metadata(&rec, &md);
	wal_decode_snapshot(&rec, &snap);
	wal_record_parse(data, size, &rec);
	wal_record_plausible(data, size, size + 8);
}

static void open_twice(const char *dir)
{
	struct raft_entry e = {.term = ~0ull};
	struct wal_contents c;
	struct wal_fault fault;
	struct wal *w;

	if (wal_open(dir, (struct wal_snapshot){0}, &w, &c, &fault))
		return;
	e.index = c.entries.len + 1;
	wal_contents_free(&c);
	if (wal_save(w, NULL, &e, 1, false, &fault) || wal_close(w, &fault))
		abort();
	if (wal_open(dir, (struct wal_snapshot){0}, &w, &c, &fault))
		abort(); /* what was opened and appended to must open again */
	if (c.entries.len != e.index || c.repair)
		abort();
	wal_contents_free(&c);
	wal_close(w, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *dir = testdir_make(), *path = wal_segment_path(dir, 0, 0);
	struct wal_snapshot *snaps;
	struct wal_fault fault;
	size_t n;

	wal_segment_size = 4096;
	decode_record(data, size);
	testdir_write(path, data, size);
	if (wal_valid_snapshots(dir, &snaps, &n, &fault) == WAL_OK)
		free(snaps);
	open_twice(dir);
	free(path);
	testdir_remove(dir);
	return 0;
}
