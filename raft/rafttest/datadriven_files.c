/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datadriven scripts in files and directories, each run in a process of its own.
 */
#include "raft/raft_internal.h"
#include "raft/rafttest/datadriven.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT 60

/* ---- Contents --------------------------------------------------------------- */

static bool complain(const char *path, const char *what, FILE *out)
{
	fprintf(out, "%s: %s: %s\n\n", path, what, strerror(errno));
	return false;
}

static bool read_all(int fd, char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = read(fd, text + at, len - at);

		if (n == 0)
			errno = EIO; /* the file has become shorter */
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* The caller frees *text. */
static bool read_file(const char *path, char **text, size_t *len, FILE *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool ok = false;

	if (fd < 0)
		return complain(path, "cannot be opened", out);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*len = (size_t)st.st_size;
		*text = raft_malloc(*len);
		ok = read_all(fd, *text, *len);
		if (!ok) {
			free(*text);
			complain(path, "cannot be read", out);
		}
	} else {
		fprintf(out, "%s: not a file\n\n", path);
	}
	close(fd);
	return ok;
}

static bool write_file(const char *path, const char *text, size_t len, FILE *out)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0;

	for (size_t at = 0; ok && at < len;) {
		ssize_t n = pwrite(fd, text + at, len - at, (off_t)at);

		ok = n >= 0 || errno == EINTR;
		at += n > 0 ? (size_t)n : 0;
	}
	ok = ok && ftruncate(fd, (off_t)len) == 0 && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		ok = false;
	return ok ? true : complain(path, "cannot be written", out);
}

/* ---- One script ------------------------------------------------------------------ */

static bool run_file(
	const char *path, const struct datadriven_options *o, struct datadriven_place *place)
{
	struct strbuf rewritten = {0};
	char *text;
	size_t len;

	if (!read_file(path, &text, &len, o->out))
		return false;

	bool ok = datadriven_run(path, text, len, o->rewrite ? &rewritten : NULL, place, o->out) ==
		  DATADRIVEN_PASSED;
	bool changed = o->rewrite &&
		       (rewritten.len != len || (len > 0 && memcmp(rewritten.s, text, len) != 0));
	if (ok && changed)
		ok = write_file(path, rewritten.s, rewritten.len, o->out);
	strbuf_free(&rewritten);
	free(text);
	return ok;
}

/* Says what a script did that ended its process. */
static void report_end(const char *path, int status, unsigned timeout,
	const struct datadriven_place *place, FILE *out)
{
	fprintf(out, "%s:%zu: %s: ", path, place->line, place->text);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		fprintf(out, "the script did not end within %u s\n\n", timeout);
	else if (WIFSIGNALED(status))
		fprintf(out, "crashed: %s\n\n", strsignal(WTERMSIG(status)));
	else
		fprintf(out, "ended the process with status %d\n\n", WEXITSTATUS(status));
}

/* A script that has failed and said why; not to be taken for the status by which
 * a sanitizer ends the process. */
enum { CHILD_PASSED = 0, CHILD_FAILED = 101 };

static bool run_forked(const char *path, const struct datadriven_options *o)
{
	struct datadriven_place *place = mmap(
		NULL, sizeof(*place), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned timeout = o->timeout ? o->timeout : DEFAULT_TIMEOUT;
	int status = 0;

	if (place == MAP_FAILED)
		return complain(path, "no shared memory", o->out);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		alarm(timeout);
		bool ok = run_file(path, o, place);
		fflush(NULL);
		/* No exit(): a panic leaves memory behind, which is no news. */
		_exit(ok ? CHILD_PASSED : CHILD_FAILED);
	}
	if (pid < 0) {
		munmap(place, sizeof(*place));
		return complain(path, "no process for it", o->out);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) ||
		(WEXITSTATUS(status) != CHILD_PASSED && WEXITSTATUS(status) != CHILD_FAILED))
		report_end(path, status, timeout, place, o->out);
	munmap(place, sizeof(*place));
	return WIFEXITED(status) && WEXITSTATUS(status) == CHILD_PASSED;
}

static void run_script(
	const char *path, const struct datadriven_options *o, struct datadriven_tally *tally)
{
	bool ok = o->no_fork ? run_file(path, o, NULL) : run_forked(path, o);

	*(ok ? &tally->passed : &tally->failed) += 1;
	if (!ok || o->verbose)
		fprintf(o->out, "%s %s\n%s", ok ? "ok  " : "FAIL", path, ok ? "" : "\n");
}

/* ---- Directories -------------------------------------------------------------------- */

/* The directories that a path leads through, so that links back end. */
struct trail {
	const struct trail *up;
	dev_t dev;
	ino_t ino;
};

static void walk(const char *path, bool named, const struct trail *up,
	const struct datadriven_options *o, struct datadriven_tally *tally);

static bool is_backup(const char *name)
{
	size_t len = strlen(name);

	return name[0] == '.' || name[len - 1] == '~' || (name[0] == '#' && name[len - 1] == '#');
}

static int keep(const struct dirent *e)
{
	return !is_backup(e->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk_directory(const char *path, const struct trail *here,
	const struct datadriven_options *o, struct datadriven_tally *tally)
{
	struct dirent **names;
	int n = scandir(path, &names, keep, by_name);

	if (n < 0) {
		complain(path, "cannot be read", o->out);
		tally->failed++;
		return;
	}
	for (int i = 0; i < n; i++) {
		struct strbuf sub = {0};

		strbuf_printf(&sub, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/",
			names[i]->d_name);
		walk(sub.s, false, here, o, tally);
		strbuf_free(&sub);
		free(names[i]);
	}
	free(names);
}

/* named: by the user, who then knows that it is a script. */
static void walk(const char *path, bool named, const struct trail *up,
	const struct datadriven_options *o, struct datadriven_tally *tally)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		complain(path, "cannot be opened", o->out);
		tally->failed++;
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		const char *slash = strrchr(path, '/');
		const char *dot = strrchr(slash ? slash : path, '.');

		if (named || (S_ISREG(st.st_mode) && (!dot || strcmp(dot, ".txt") == 0)))
			run_script(path, o, tally);
		return;
	}
	for (const struct trail *t = up; t; t = t->up)
		if (t->dev == st.st_dev && t->ino == st.st_ino)
			return;
	walk_directory(path, &(struct trail){up, st.st_dev, st.st_ino}, o, tally);
}

void datadriven_path(
	const char *path, const struct datadriven_options *o, struct datadriven_tally *tally)
{
	walk(path, true, NULL, o, tally);
}
