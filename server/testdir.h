/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_TESTDIR_H
#define SERVER_TESTDIR_H

/* Scratch directories and whole files, for tests. */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/util.h"

static inline int testdir_remove_one(
	const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

/* testdir_make makes an empty directory; the caller frees the path. */
static inline char *testdir_make(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path = xasprintf("%s/raftlab-XXXXXX", tmp ? tmp : "/tmp");

	if (!mkdtemp(path)) {
		perror(path);
		abort();
	}
	return path;
}

/* testdir_remove removes it with all that is in it and frees the path. */
static inline void testdir_remove(char *path)
{
	nftw(path, testdir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(path);
}

/* testdir_read reads a whole file; the caller frees it. NULL if it is not there. */
static inline char *testdir_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	struct xbuf sb = {0};
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(xbuf_reserve(&sb, 1 << 16), 1, 1 << 16, f)) > 0)
		sb.len += n;
	fclose(f);
	return xbuf_detach(&sb, len);
}

static inline void testdir_write(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0) {
		perror(path);
		abort();
	}
}

#endif
