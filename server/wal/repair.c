/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wal/wal_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Copies what is written of from (its holes stay holes) to a new file. */
static enum wal_error copy_file(
	int from, const char *from_path, const char *to_path, struct wal_fault *fault)
{
	enum { PIECE = 1 << 16 };
	char *buf = xmalloc(PIECE);
	enum wal_error err = WAL_OK;
	struct stat st;
	uint64_t off = 0;
	int to = open(to_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (to < 0 || fstat(from, &st) || ftruncate(to, st.st_size))
		err = wal_fault_errno(fault, to_path, "cannot create the copy");
	while (!err) {
		off_t data = lseek(from, (off_t)off, SEEK_DATA);
		ssize_t n;

		if (data < 0 && errno == ENXIO)
			break;
		if (data > (off_t)off)
			off = (uint64_t)data;
		n = pread(from, buf, PIECE, (off_t)off);
		if (n == 0)
			break;
		if (n < 0)
			err = wal_fault_errno(fault, from_path, "cannot read");
		else if (wal_write_at(to, buf, (size_t)n, off) < (size_t)n)
			err = wal_fault_errno(fault, to_path, "cannot write the copy");
		else
			off += (uint64_t)n;
	}
	if (!err && fsync(to))
		err = wal_fault_errno(fault, to_path, "cannot sync the copy");
	if (to >= 0)
		close(to);
	free(buf);
	return err;
}

enum wal_error wal_repair(const struct wal_segment *seg, uint64_t offset, const char *why,
	char **message, struct wal_fault *fault)
{
	char *broken = xasprintf("%s.broken", seg->path);
	enum wal_error err = copy_file(seg->fd, seg->path, broken, fault);

	if (!err && (ftruncate(seg->fd, (off_t)offset) || fsync(seg->fd)))
		err = wal_fault_errno(fault, seg->path, "cannot cut off the torn write");
	if (!err)
		*message = xasprintf("wal: repaired %s: %s; cut off at offset %" PRIu64
				     ", where the last write began; the file as it was is kept "
				     "as %s",
			seg->path, why, offset, broken);
	free(broken);
	return err;
}
