/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wal/wal_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NAME_BYTES = 16 + 1 + 16 + 4,
};

const char *wal_strerror(enum wal_error err)
{
	static const char *const texts[] = {
#define X(name, text) text,
		WAL_ERRORS(X)
#undef X
	};
	return (size_t)err < sizeof(texts) / sizeof(texts[0]) ? texts[err] : "unknown error";
}

enum wal_error wal_fault_set(struct wal_fault *fault, enum wal_error code, const char *fmt, ...)
{
	va_list ap;

	fault->code = code;
	va_start(ap, fmt);
	vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
	va_end(ap);
	return code;
}

enum wal_error wal_fault_errno(struct wal_fault *fault, const char *path, const char *what)
{
	return wal_fault_set(fault, WAL_ERR_IO, "wal: %s: %s: %s", path, what, strerror(errno));
}

char *wal_segment_path(const char *dir, uint64_t seq, raft_index index)
{
	return xasprintf("%s/%016" PRIx64 "-%016llx.wal", dir, seq, index);
}

/* Reads exactly 16 lower-case hexadecimal digits. */
static bool parse_hex16(const char *s, uint64_t *v)
{
	*v = 0;
	for (int i = 0; i < 16; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			*v = *v << 4 | (uint64_t)(s[i] - '0');
		else if (s[i] >= 'a' && s[i] <= 'f')
			*v = *v << 4 | (uint64_t)(s[i] - 'a' + 10);
		else
			return false;
	}
	return true;
}

static bool parse_name(const char *name, uint64_t *seq, uint64_t *index)
{
	return strlen(name) == NAME_BYTES && name[16] == '-' && parse_hex16(name, seq) &&
	       parse_hex16(name + 17, index) && strcmp(name + 33, ".wal") == 0;
}

bool wal_exists(const char *dir)
{
	DIR *dp = opendir(dir);
	struct dirent *de;
	bool found = false;

	if (!dp)
		return false;
	while (!found && (de = readdir(dp))) {
		size_t len = strlen(de->d_name);

		found = len > 4 && strcmp(de->d_name + len - 4, ".wal") == 0;
	}
	closedir(dp);
	return found;
}

static int by_seq(const void *a, const void *b)
{
	const struct wal_segment *x = a, *y = b;

	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

enum wal_error wal_segments_list(
	const char *dir, struct wal_segments *segs, struct wal_fault *fault)
{
	DIR *dp = opendir(dir);
	struct dirent *de;
	uint64_t seq, index;

	*segs = (struct wal_segments){0};
	if (!dp && errno == ENOENT)
		return wal_fault_set(fault, WAL_ERR_NOT_FOUND, "wal: %s does not exist", dir);
	if (!dp)
		return wal_fault_errno(fault, dir, "cannot open the directory");
	while ((de = readdir(dp))) {
		if (!parse_name(de->d_name, &seq, &index))
			continue;
		segs->v = xreallocarray(segs->v, segs->n + 1, sizeof(segs->v[0]));
		segs->v[segs->n++] = (struct wal_segment){
			.seq = seq,
			.index = index,
			.path = wal_segment_path(dir, seq, index),
			.fd = -1,
		};
	}
	closedir(dp);
	if (segs->n)
		qsort(segs->v, segs->n, sizeof(segs->v[0]), by_seq);
	return WAL_OK;
}

enum wal_error wal_segments_select(
	struct wal_segments *segs, const char *dir, raft_index index, struct wal_fault *fault)
{
	size_t i = segs->n;

	while (i > 0 && segs->v[i - 1].index > index)
		i--;
	if (i == 0)
		return wal_fault_set(fault, WAL_ERR_NOT_FOUND,
			"wal: %s has no segment that begins at or before index %llu "
			"(%zu segments in all); was one removed?",
			dir, index, segs->n);
	wal_segments_drop(segs, i - 1);
	for (i = 1; i < segs->n; i++) {
		if (segs->v[i].seq != segs->v[i - 1].seq + 1)
			return wal_fault_set(fault, WAL_ERR_NOT_FOUND,
				"wal: %s does not follow %s: a segment between them is missing, or "
				"one of them is foreign: put the right files "
				"back; " WAL_CORRUPT_ADVICE,
				segs->v[i].path, segs->v[i - 1].path);
	}
	return WAL_OK;
}

/* The lock is etcd's: an open file description lock on the whole file, which
 * goes away with the process and does not hinder readers that don't ask. */
static enum wal_error lock_file(int fd, const char *path, struct wal_fault *fault)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return WAL_OK;
	if (errno == EAGAIN || errno == EACCES)
		return wal_fault_set(
			fault, WAL_ERR_LOCKED, "wal: %s is in use by another process", path);
	return wal_fault_errno(fault, path, "cannot lock");
}

enum wal_error wal_segments_open(struct wal_segments *segs, bool lock, struct wal_fault *fault)
{
	for (size_t i = 0; i < segs->n; i++) {
		struct wal_segment *seg = &segs->v[i];
		enum wal_error err;

		seg->fd = open(seg->path, (lock ? O_RDWR : O_RDONLY) | O_CLOEXEC);
		if (seg->fd < 0)
			return wal_fault_errno(fault, seg->path, "cannot open");
		if (lock && (err = lock_file(seg->fd, seg->path, fault)))
			return err;
	}
	return WAL_OK;
}

void wal_segments_drop(struct wal_segments *segs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (segs->v[i].fd >= 0)
			close(segs->v[i].fd);
		free(segs->v[i].path);
	}
	segs->n -= n;
	if (segs->n) {
		memmove(segs->v, segs->v + n, segs->n * sizeof(segs->v[0]));
	} else {
		free(segs->v);
		segs->v = NULL;
	}
}

enum wal_error wal_preallocate(int fd, const char *path, uint64_t size, struct wal_fault *fault)
{
	struct stat st;

	if (fallocate(fd, 0, 0, (off_t)size) == 0)
		return WAL_OK;
	if (errno != EOPNOTSUPP && errno != ENOSYS)
		return wal_fault_errno(fault, path, "cannot preallocate");
	/* This file system cannot; a file with a hole does as well, only slower. */
	if (fstat(fd, &st))
		return wal_fault_errno(fault, path, "cannot stat");
	if ((uint64_t)st.st_size < size && ftruncate(fd, (off_t)size))
		return wal_fault_errno(fault, path, "cannot extend");
	return WAL_OK;
}

enum wal_error wal_segment_create(const char *path, int *fd, struct wal_fault *fault)
{
	enum wal_error err;

	*fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (*fd < 0)
		return wal_fault_errno(fault, path, "cannot create");
	err = lock_file(*fd, path, fault);
	if (!err)
		err = wal_preallocate(*fd, path, wal_segment_size, fault);
	if (err) {
		close(*fd);
		unlink(path);
		*fd = -1;
	}
	return err;
}

size_t wal_write_at(int fd, const void *data, size_t len, uint64_t off)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pwrite(fd, (const char *)data + done, len - done, (off_t)(off + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

enum wal_error wal_sync_dir(const char *dir, struct wal_fault *fault)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum wal_error err = WAL_OK;

	if (fd < 0)
		return wal_fault_errno(fault, dir, "cannot open the directory");
	if (fsync(fd))
		err = wal_fault_errno(fault, dir, "cannot sync the directory");
	close(fd);
	return err;
}
